export { type SqlContext, sqlContext } from './context.js';
export type { Dialect } from './dialect.js';
export type { SqlLibrary, SqlSession, Statement } from './library.js';
export { mysqlDialect } from './mysql/mysql-dialect.js';
export type { SqlStoreOptions } from './options.js';
export { postgresDialect } from './postgres/postgres-dialect.js';
export { SqlCleanupRepository } from './repository.js';
export { sqlStore } from './sql-store.js';
export type { TouchOption, TouchOptions } from './touch.js';
