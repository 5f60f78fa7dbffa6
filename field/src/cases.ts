import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from './case.js';

const FOLDER = fileURLToPath(new URL('../cases/', import.meta.url));

/** A case with the name and the path of its folder. */
export interface NamedCase {
  readonly name: string;
  readonly folder: string;
  readonly told: Case;
}

/** All cases, by their numbers. */
export async function readCases(): Promise<NamedCase[]> {
  const names = readdirSync(FOLDER).sort();
  return Promise.all(
    names.map(async (name) => {
      const folder = join(FOLDER, name);
      const { default: told } = (await import(join(folder, 'case.mjs'))) as { default: Case };
      return { name, folder, told };
    }),
  );
}
