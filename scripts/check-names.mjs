// Committed files must mean the same on every machine: no registry addresses, no paths of somebody's disk.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/workspace.mjs';

const FORBIDDEN = [
  {
    pattern: /https?:\/\/(?:[\w.-]*\b(?:registry|npm|artifactory|nexus|verdaccio)[\w.-]*)(?::\d+)?\//i,
    what: 'registry',
  },
  { pattern: /\btarball:/, what: 'tarball address', only: /^pnpm-lock\.yaml$/ },
  { pattern: /(?<![\w.@$}-])\/(?:work|root|home\/\w+|Users\/\w+)\//, what: 'machine path' },
];

/** Pages about packages, for people to read. */
const PUBLIC = /https:\/\/(?:www\.)?npmjs\.com\/package\//g;

const BINARY = /\.(?:gz|png|jpg|ico)$/;

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\0')
  .filter((file) => file !== '' && !BINARY.test(file));

const problems = files.flatMap((file) =>
  readText(file)
    .split('\n')
    .flatMap((line, index) =>
      FORBIDDEN.filter(
        ({ pattern, only }) => (only?.test(file) ?? true) && pattern.test(line.replaceAll(PUBLIC, '')),
      ).map(({ what }) => `${file}:${index + 1}: names a ${what}`),
    ),
);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

/** A file that was deleted and not yet committed has no text. */
function readText(file) {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
