export { openStore } from './open-store.js';
export { PgCleanupRepository } from './pg-repository.js';
export { type PgStoreOptions, pgStore } from './pg-store.js';
export { PgTransaction } from './pg-transaction.js';
