import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

export const readPage = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The published packages: their folders by name. */
export const packages: ReadonlyMap<string, string> = new Map(
  readdirSync(join(root, 'packages'))
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => [(JSON.parse(readPage(`${folder}/package.json`)) as { name: string }).name, folder]),
);

/** Every page that a stranger reads, relative to the top. */
export const pages: readonly string[] = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...[...packages.values()].map((folder) => `${folder}/README.md`),
  ...readdirSync(join(root, 'examples')).map((name) => `examples/${name}/README.md`),
];
