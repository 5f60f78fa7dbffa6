// How long the port, the rules and the adapters are: the lines of packages/{core,sql,repo-*}/src, by folder.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from './lib/workspace.mjs';

const SOURCE = /^packages\/((?:core|sql|repo-\w+)\/src)\/(?:([\w-]+)\/)?.*\.ts$/;

const lines = new Map();
const add = (name, count) => lines.set(name, (lines.get(name) ?? 0) + count);

for (const file of files()) {
  const [, source, folder] = SOURCE.exec(file) ?? [];
  if (source === undefined) continue;
  const count = readFileSync(join(root, file), 'utf8').split('\n').length - 1;
  add(`${source}/${folder ?? '*.ts'}`, count);
  add(source, count);
  add('all', count);
}

for (const name of [...lines.keys()].sort()) console.log(`${String(lines.get(name)).padStart(6)}  ${name}`);
