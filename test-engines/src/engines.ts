import type { Engine, EngineServer, OwnOptions, OwnServer, StartOptions } from './engine.js';
import { EngineError } from './errors.js';
import { mongoEngine } from './mongo/engine.js';
import { REPLICA_SET, STANDALONE } from './mongo/topologies.js';
import { mysqlEngine } from './mysql/engine.js';
import { MARIADB, MYSQL } from './mysql/flavors.js';
import { postgresEngine } from './postgres/engine.js';
import { hasTidb, tidbEngine, WITHOUT_TIDB } from './tidb/engine.js';

/** `mongodb` is a replica set, which has transactions; `mongodb-standalone` is a server that has none. */
export type EngineName = 'postgres' | 'mysql' | 'mariadb' | 'mongodb' | 'mongodb-standalone' | 'tidb';

const ENGINES: Readonly<Record<EngineName, Engine>> = {
  postgres: postgresEngine,
  mysql: mysqlEngine(MYSQL),
  mariadb: mysqlEngine(MARIADB),
  mongodb: mongoEngine(REPLICA_SET),
  'mongodb-standalone': mongoEngine(STANDALONE),
  tidb: tidbEngine,
};

export const ENGINE_NAMES = Object.keys(ENGINES) as readonly EngineName[];

/**
 * The server to work with: the one that its environment variable (PG_URL, MYSQL_URL, ...) names, else a new one of our
 * own.
 *
 * @example
 * const server = await startEngine('mariadb');
 * console.log(server.url, server.version);
 * await server.stop();
 */
export function startEngine(name: EngineName, options: StartOptions = {}): Promise<EngineServer> {
  return ENGINES[name].start(options);
}

/**
 * A server of our own, whatever the environment names, that can be killed and started again on the same data.
 *
 * @example
 * const server = await startOwnEngine('postgres', { durable: true });
 * await server.kill();
 * await server.restart();
 */
export function startOwnEngine(name: EngineName, options: OwnOptions = {}): Promise<OwnServer> {
  return ENGINES[name].startOwn(options);
}

/** Several servers at once, each under its name. Where one cannot be had, the others end and its error is thrown. */
export async function startEngines(
  names: readonly EngineName[],
  options: StartOptions = {},
): Promise<ReadonlyMap<EngineName, EngineServer>> {
  const starts = await Promise.allSettled(names.map(async (name) => [name, await startEngine(name, options)] as const));
  const servers = new Map(starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : [])));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed === undefined) return servers;
  await stopAll(servers);
  throw failed.reason;
}

export async function stopAll(servers: ReadonlyMap<EngineName, EngineServer>): Promise<void> {
  await Promise.all([...servers.values()].map((server) => server.stop()));
}

/** The environment variable that names a server of the user's: `PG_URL`. */
export const variableOf = (name: EngineName): string => ENGINES[name].variable;

/** Names the server that `startEngine` would give, or throws the error that it would throw, without a start. */
export function describeEngine(name: EngineName): Promise<string> {
  return ENGINES[name].describe();
}

/** What a run is without, since nobody made it here, and how to make it; of others, `describeEngine` says so. */
export const withoutEngines = (): readonly string[] => (hasTidb() ? [] : [WITHOUT_TIDB]);

/** The engines that a run is narrowed to by `ENGINES=postgres,mariadb`; where that is not set, all that can be had. */
export function chosenEngines(chosen = process.env.ENGINES): readonly EngineName[] {
  if (!chosen) return ENGINE_NAMES.filter((name) => name !== 'tidb' || hasTidb());
  return chosen.split(',').map((word) => {
    const name = ENGINE_NAMES.find((each) => each === word.trim());
    if (name !== undefined) return name;
    const message = `ENGINES names "${word.trim()}": choose from ${ENGINE_NAMES.join(', ')}`;
    throw new EngineError('ENGINE_UNAVAILABLE', message);
  });
}
