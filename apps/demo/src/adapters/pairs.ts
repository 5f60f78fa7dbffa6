import type { EngineName } from '@jobsweep/test-engines';

/** The adapters, each with the library that it goes through and the databases that it works with. */
const ADAPTERS = {
  knex: { library: 'knex', databases: ['postgres', 'mysql', 'mariadb'] },
  typeorm: { library: 'TypeORM', databases: ['postgres', 'mysql', 'mariadb'] },
} as const satisfies Record<string, { library: string; databases: readonly EngineName[] }>;

export type AdapterName = keyof typeof ADAPTERS;
export type DatabaseName = (typeof ADAPTERS)[AdapterName]['databases'][number];

/** An adapter on a database. */
export interface Pair {
  readonly adapter: AdapterName;
  readonly database: DatabaseName;
}

export const ADAPTER_NAMES = Object.keys(ADAPTERS) as readonly AdapterName[];

/** Those that exist, in the order of preference. */
export const PAIRS: readonly Pair[] = ADAPTER_NAMES.flatMap((adapter) =>
  ADAPTERS[adapter].databases.map((database) => ({ adapter, database })),
);

export const DATABASE_NAMES: readonly DatabaseName[] = [...new Set(PAIRS.map(({ database }) => database))];

/** The first pair that has what was asked for; `undefined` where there is none. */
export function findPair(wanted: Partial<Pair>): Pair | undefined {
  return PAIRS.find((pair) => Object.entries(wanted).every(([part, name]) => pair[part as keyof Pair] === name));
}

/** The library as its users write it. */
export const libraryOf = ({ adapter }: Pair): string => ADAPTERS[adapter].library;
