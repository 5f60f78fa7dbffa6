import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LastWill } from './last-will.js';

/** From here the adapters are found as they are beside a user's config. */
const PARENT = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.cache/chaos');

/** A folder for config files. */
export async function configFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  await mkdir(PARENT, { recursive: true });
  const path = await mkdtemp(`${PARENT}/`);
  const will = new LastWill('rm -rf "$0"', path);
  return { path, remove: () => will.now() };
}

/** Writes a config of JSON and gives its path. */
export async function writeConfig(folder: string, name: string, config: object): Promise<string> {
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(config, undefined, 2));
  return file;
}
