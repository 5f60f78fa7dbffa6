// Which packages may know which others; everything else is a mistake in the architecture.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, workspacePackages } from './lib/workspace.mjs';

const SCOPE = '@jobsweep/';
const PRODUCT = ['core', 'sql', 'contract', 'repo-knex', 'repo-typeorm', 'repo-mongo', 'dashboard', 'runner'];

/** Arrows of the shipped code, and what a package's own tests may use besides. */
const RULES = {
  core: { source: [], tests: [] },
  contract: { source: ['core'], tests: ['test-engines'] },
  sql: { source: ['core'], tests: ['test-engines'] },
  'repo-*': { source: ['core', 'sql'], tests: ['contract', 'test-engines'] },
  dashboard: { source: ['core'], tests: [] },
  runner: { source: ['core', 'dashboard'], tests: ['repo-knex', 'repo-typeorm', 'repo-mongo', 'test-engines'] },
  'test-engines': { source: ['contract', 'core'], tests: [] },
  // What a third party has, and the server of a run.
  'example-adapter-pg': { source: ['core'], tests: ['contract', 'test-engines'] },
  // What a user installs, and the server of a run.
  'example-*': { source: ['core', 'repo-knex', 'repo-mongo', 'runner'], tests: ['test-engines'] },
  demo: { source: [...PRODUCT, 'test-engines'], tests: [] },
  chaos: { source: [...PRODUCT, 'test-engines'], tests: [] },
  bench: { source: [...PRODUCT, 'test-engines'], tests: [] },
  field: { source: [...PRODUCT, 'test-engines'], tests: [] },
  docs: { source: [...PRODUCT, 'example-adapter-pg'], tests: ['test-engines'] },
  '*': { source: PRODUCT, tests: ['test-engines'] },
};

const IMPORT = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"]([^'"]+)['"]/g;

const problems = workspacePackages().flatMap(({ folder, manifest }) => {
  const name = manifest.name.replace(SCOPE, '');
  const rule = RULES[name] ?? RULES[`${name.split('-')[0]}-*`] ?? RULES['*'];
  const everywhere = [...rule.source, ...rule.tests];
  return [
    ...checkDependencies(folder, { ...manifest.dependencies, ...manifest.peerDependencies }, rule.source),
    ...checkDependencies(folder, manifest.devDependencies ?? {}, everywhere),
    ...checkFiles(folder, 'src', [name, ...rule.source]),
    ...checkFiles(folder, 'test', [name, ...everywhere]),
  ];
});

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

function checkDependencies(folder, dependencies, allowed) {
  return Object.keys(dependencies)
    .filter((name) => name.startsWith(SCOPE) && !allowed.includes(name.replace(SCOPE, '')))
    .map((name) => `${folder}/package.json: must not depend on ${name}`);
}

function checkFiles(folder, part, allowed) {
  return sourceFiles(join(folder, part)).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(IMPORT)]
      .map(([, specifier]) => specifier)
      .filter((specifier) => !isAllowed(specifier, file, folder, allowed))
      .map((specifier) => `${file}: must not import ${specifier}`),
  );
}

function isAllowed(specifier, file, folder, allowed) {
  if (specifier.startsWith('.')) return join(file, '..', specifier).startsWith(`${folder}/`);
  return !specifier.startsWith(SCOPE) || allowed.includes(specifier.split('/')[1]);
}

function sourceFiles(folder) {
  try {
    const names = readdirSync(join(root, folder), { recursive: true });
    return names.filter((name) => /\.[cm]?[jt]sx?$/.test(name)).map((name) => `${folder}/${name}`);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
