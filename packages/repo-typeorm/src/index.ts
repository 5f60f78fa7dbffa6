export type { TypeormStoreOptions } from './options.js';
export { TypeormCleanupRepository } from './typeorm-cleanup-repository.js';
export { typeormStore } from './typeorm-store.js';
