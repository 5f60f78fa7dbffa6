export { connectPlain } from './cluster/connect-plain.js';
export type { Plain } from './cluster/plain.js';
export { createDatabase, type Database } from './database.js';
export type { EngineServer, OwnOptions, OwnServer, StartOptions } from './engine.js';
export {
  chosenEngines,
  describeEngine,
  ENGINE_NAMES,
  type EngineName,
  startEngine,
  startOwnEngine,
  variableOf,
  withoutEngines,
} from './engines.js';
export { EngineError, type EngineErrorCode } from './errors.js';
export { withMongo } from './mongo/connect.js';
export { type Group, startGroup } from './mysql/group.js';
export { type Pooler, startPgbouncer } from './postgres/pgbouncer.js';
export { startProxy, type TcpProxy } from './proxy.js';
export { asksForWholeSuite } from './suite.js';
export { poll } from './waiting.js';
