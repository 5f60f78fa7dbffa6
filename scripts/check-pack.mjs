// Packs every package to be published, installs the archives with plain npm into an empty project, and compiles and
// runs there what scripts/consumers says.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnv, run } from './lib/processes.mjs';
import { install, pnpm, quietly } from './lib/setup.mjs';
import { root, workspacePackages } from './lib/workspace.mjs';

const TSCONFIG = {
  compilerOptions: { target: 'ES2023', module: 'NodeNext', types: ['node'], strict: true, outDir: 'out' },
  include: ['*.ts'],
};

const project = mkdtempSync(join(realpathSync(tmpdir()), 'jobsweep pack '));
process.on('exit', () => rmSync(project, { recursive: true, force: true }));

const published = workspacePackages().filter(({ manifest }) => !manifest.private);
const consumers = published.map(({ manifest }) => `${manifest.name.split('/')[1]}.ts`);

await install();
await quietly('Building', ['exec', 'turbo', 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only']);
mkdirSync(join(project, 'archives'));
for (const { folder } of published) {
  const target = ['pack', '--pack-destination', join(project, 'archives')];
  await must(`Packing ${folder}`, pnpm(target, { capture: true, cwd: join(root, folder) }));
}
for (const consumer of consumers) cpSync(join(root, 'scripts/consumers', consumer), join(project, consumer));
writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));

const archives = readdirSync(join(project, 'archives')).map((name) => `./archives/${name}`);
await must('Installing', here('npm', ['install', '--no-audit', '--no-fund', ...archives, ...companions()]));
await must('Compiling', here(process.execPath, ['node_modules/typescript/bin/tsc']));
for (const consumer of consumers) {
  await must(`Running ${consumer}`, here(process.execPath, [join('out', consumer.replace('.ts', '.js'))]));
}
console.log(`${published.map(({ manifest }) => manifest.name).join(', ')}: packed, installed, compiled and run`);

/** What users install beside ours: the peers, at the versions that we develop with, and a compiler. */
function companions() {
  const peers = published.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}));
  const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  return [...new Set([...peers, 'typescript', '@types/node'])].map((name) => {
    const [, version] = new RegExp(`^ {2}["']?${name}["']?: (\\S+)$`, 'm').exec(catalog) ?? [];
    if (version === undefined) throw new Error(`${name} is not in the catalog of pnpm-workspace.yaml`);
    return `${name}@${version}`;
  });
}

function here(command, args) {
  return run(command, args, { capture: true, cwd: project, env: cleanEnv() });
}

async function must(title, running) {
  const { status, output } = await running;
  if (status === 0) return;
  console.error(`${output.trimEnd()}\n\n${title} failed.`);
  process.exit(status);
}
