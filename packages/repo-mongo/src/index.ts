export type { UserModel } from './mapping/model.js';
export { MongoCleanupRepository } from './mongo-cleanup-repository.js';
export { mongoStore } from './mongo-store.js';
export { openStore } from './open-store.js';
export type { MongoRepositoryOptions, MongoStoreOptions } from './options.js';
export type { IdType } from './values/ids.js';
