import type { SqlStoreOptions } from '@jobsweep/sql';

/** Options of `knexStore`. */
export type KnexStoreOptions = SqlStoreOptions;
