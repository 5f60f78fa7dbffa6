import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { STORE_OPTIONS } from '../../src/cli/config/store-options.js';

/** Where each adapter declares the options of its store. */
const DECLARED: Readonly<Record<string, readonly string[]>> = {
  '@jobsweep/repo-knex': ['sql'],
  '@jobsweep/repo-typeorm': ['sql', 'repo-typeorm'],
  '@jobsweep/repo-mongo': ['repo-mongo'],
};

test.each(Object.entries(DECLARED))(
  'a config may have every option of %s but its clock, and no other',
  (adapter, packages) => {
    const sources = packages.map((name) =>
      readFileSync(new URL(`../../../${name}/src/options.ts`, import.meta.url), 'utf8'),
    );
    const declared = sources.flatMap((source) =>
      [...source.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name),
    );
    expect([...(STORE_OPTIONS[adapter] ?? []), 'clock'].sort()).toEqual(declared.sort());
  },
);
