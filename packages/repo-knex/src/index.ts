export { KnexCleanupRepository } from './knex-cleanup-repository.js';
export { knexStore } from './knex-store.js';
export { openStore } from './open-store.js';
export type { KnexStoreOptions } from './options.js';
