export {
  CONNECT_TIMEOUT_MS,
  MYSQL_DRIVER_OPTIONS,
  PG_DRIVER_OPTIONS,
  type SqlConnection,
  sqlConnection,
} from './connection.js';
export { type SqlContext, sqlContext } from './context.js';
export type { Dialect } from './dialect.js';
export type { RawRow } from './driver/selected.js';
export { marked, type NativeSql, numbered, preparedName, type Sql, verbatim } from './driver/sql.js';
export type { PooledConnection, RawRows, SqlControl, SqlLibrary, SqlSession } from './library.js';
export { mysqlDialect } from './mysql/mysql-dialect.js';
export type { SqlStoreOptions } from './options.js';
export { postgresDialect } from './postgres/postgres-dialect.js';
export { SqlCleanupRepository } from './repository.js';
export { sqlStore } from './sql-store.js';
export type { TouchOption, TouchOptions } from './touch.js';
export { type Wire, wireOf } from './wires.js';
