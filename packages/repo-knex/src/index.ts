export { knexStore } from './knex-store.js';
export type { KnexStoreOptions } from './options.js';
export { KnexCleanupRepository } from './repository.js';
