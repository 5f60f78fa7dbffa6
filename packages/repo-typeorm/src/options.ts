import type { SqlStoreOptions } from '@jobsweep/sql';

/** Options of `typeormStore`. */
export type TypeormStoreOptions = SqlStoreOptions;
