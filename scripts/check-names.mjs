// Committed files must mean the same on every machine: no registry addresses, no paths of somebody's disk.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './lib/workspace.mjs';

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

const texts = files().filter((file) => !BINARY.test(file));

const problems = texts.flatMap((file) =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      FORBIDDEN.filter(
        ({ pattern, only }) => (only?.test(file) ?? true) && pattern.test(line.replaceAll(PUBLIC, '')),
      ).map(({ what }) => `${file}:${index + 1}: names a ${what}`),
    ),
);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
