/** The databases that a config file can be written for, and what goes with each. */
export const DATABASES = {
  postgres: { title: 'PostgreSQL', driver: 'pg', variable: 'PG_URL' },
  mysql: { title: 'MySQL', driver: 'mysql2', variable: 'MYSQL_URL' },
  mariadb: { title: 'MariaDB', driver: 'mysql2', variable: 'MARIADB_URL' },
  mongodb: { title: 'MongoDB', driver: undefined, variable: 'MONGO_URL' },
} as const;

export type DatabaseName = keyof typeof DATABASES;
export const DATABASE_NAMES = Object.keys(DATABASES) as DatabaseName[];

/** The adapter packages with the library that each needs, the first being the one to take without other reasons. */
export const ADAPTERS = {
  '@jobsweep/repo-knex': { library: 'knex', databases: ['postgres', 'mysql', 'mariadb'] },
  '@jobsweep/repo-typeorm': { library: 'typeorm', databases: ['postgres', 'mysql', 'mariadb'] },
  '@jobsweep/repo-mongo': { library: 'mongoose', databases: ['mongodb'] },
} as const satisfies Record<string, { library: string; databases: readonly DatabaseName[] }>;

export type AdapterName = keyof typeof ADAPTERS;
export const ADAPTER_NAMES = Object.keys(ADAPTERS) as AdapterName[];

/** The adapters for a database; each has one. */
export const adaptersFor = (database: DatabaseName): [AdapterName, ...AdapterName[]] =>
  ADAPTER_NAMES.filter((name) => (ADAPTERS[name].databases as readonly DatabaseName[]).includes(database)) as [
    AdapterName,
    ...AdapterName[],
  ];

/** What a new config file says. */
export interface InitChoices {
  readonly database: DatabaseName;
  readonly adapter: AdapterName;
  /** The environment variable that has the URL. */
  readonly variable: string;
  readonly jobsTable: string;
  /** `null`: there is no such table. */
  readonly allocationsTable: string | null;
}

export const DEFAULT_TABLES = { jobs: 'jobs', allocations: 'resource_allocations' } as const;

/** What to install for a choice. */
export const packagesFor = ({ adapter, database }: InitChoices): string[] => {
  const { driver } = DATABASES[database];
  return ['@jobsweep/runner', adapter, ADAPTERS[adapter].library, ...(driver === undefined ? [] : [driver])];
};
