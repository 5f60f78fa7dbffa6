import type { Words } from '../../words/words.js';
import type { ConfigProblem } from './problems.js';
import { unknownKey } from './to-problems.js';

const SQL = [
  'schema',
  'filters',
  'touch',
  'prepare',
  'ownTables',
  'statementTimeoutSeconds',
  'lockTimeoutSeconds',
  'idleTimeoutSeconds',
  'maxAttempts',
];

/** The options of our own adapters' stores that make sense in a file; a test keeps them in step. */
export const STORE_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  '@jobsweep/repo-knex': SQL,
  '@jobsweep/repo-typeorm': [...SQL, 'entities'],
  '@jobsweep/repo-mongo': [
    'schema',
    'filters',
    'ownTables',
    'models',
    'idType',
    'fenceField',
    'allowNonAtomic',
    'statementTimeoutSeconds',
    'idleTimeoutSeconds',
    'maxAttempts',
  ],
};

/** Options that the adapter does not have. Of an adapter that is not ours, nothing is known. */
export function storeOptionProblems(
  adapter: string,
  store: Readonly<Record<string, unknown>>,
  words: Words['config'],
): ConfigProblem[] {
  const known = STORE_OPTIONS[adapter];
  if (known === undefined) return [];
  return Object.keys(store)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: `store.${key}`, ...unknownKey(key, known, words) }));
}
