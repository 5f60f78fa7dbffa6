import type { EngineName } from '@jobsweep/test-engines';

/** The databases that each adapter works with. */
export const DATABASES_OF = {
  knex: ['postgres', 'mysql', 'mariadb'],
  typeorm: ['postgres', 'mysql', 'mariadb'],
  mongo: ['mongodb'],
} as const satisfies Record<string, readonly EngineName[]>;

export type AdapterName = keyof typeof DATABASES_OF;
export type DatabaseName = (typeof DATABASES_OF)[AdapterName][number];

/** An adapter on a database. */
export interface Pair {
  readonly adapter: AdapterName;
  readonly database: DatabaseName;
}

/** What users of each adapter call its library. */
const LIBRARIES: Readonly<Record<AdapterName, string>> = { knex: 'knex', typeorm: 'TypeORM', mongo: 'mongoose' };

export const ADAPTER_NAMES = Object.keys(DATABASES_OF) as readonly AdapterName[];

/** Those that exist, in the order of preference. */
export const PAIRS: readonly Pair[] = ADAPTER_NAMES.flatMap((adapter) =>
  DATABASES_OF[adapter].map((database) => ({ adapter, database })),
);

export const DATABASE_NAMES: readonly DatabaseName[] = [...new Set(PAIRS.map(({ database }) => database))];

/** The first pair that has what was asked for; `undefined` where there is none. */
export function findPair(wanted: Partial<Pair>): Pair | undefined {
  return PAIRS.find((pair) => Object.entries(wanted).every(([part, name]) => pair[part as keyof Pair] === name));
}

export const libraryOf = ({ adapter }: Pair): string => LIBRARIES[adapter];
