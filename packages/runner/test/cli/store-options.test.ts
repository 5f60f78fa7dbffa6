import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { STORE_OPTIONS } from '../../src/cli/config/store-options.js';

/** Where each adapter declares the options of its store. */
const DECLARED: Readonly<Record<string, readonly string[]>> = {
  '@jobsweep/repo-knex': ['core/src/bounds.ts', 'sql/src/options.ts'],
  '@jobsweep/repo-typeorm': ['core/src/bounds.ts', 'sql/src/options.ts', 'repo-typeorm/src/options.ts'],
  '@jobsweep/repo-mongo': ['repo-mongo/src/options.ts'],
};

test.each(Object.entries(DECLARED))(
  'a config may have every option of %s but its clock, and no other',
  (adapter, files) => {
    const sources = files.map((file) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'));
    const declared = sources.flatMap((source) =>
      [...source.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name),
    );
    expect([...(STORE_OPTIONS[adapter] ?? []), 'clock'].sort()).toEqual(declared.sort());
  },
);
