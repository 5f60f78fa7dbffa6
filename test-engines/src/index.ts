export { EngineError, type EngineErrorCode } from './errors.js';
export { createDatabase, type Database } from './postgres/database.js';
export { describePostgres, type PostgresOptions, type PostgresServer, startPostgres } from './postgres/server.js';
