import { type Db, MongoServerError } from 'mongodb';
import { reasonOf } from '../errors.js';
import type { ServerProcess } from '../server-process.js';
import { poll } from '../waiting.js';
import { withMongo } from './connect.js';

const READY_MS = 60_000;
const ATTEMPT_MS = 250;
const ALREADY_INITIATED = 23;

/** A new server that takes writes. */
export interface ReadyServer {
  readonly url: string;
  readonly pid: number;
}

/**
 * Asks until the server takes writes.
 *
 * @param initiates the name of the replica set that the server must be told to be; a server that is told, tells others.
 */
export async function readyServer(
  server: ServerProcess,
  port: number,
  initiates: string | undefined,
  signal?: AbortSignal,
): Promise<ReadyServer> {
  const host = `127.0.0.1:${port}`;
  let reason: unknown;
  const ask = async () => {
    if (server.hasEnded()) throw new Error('the server ended');
    try {
      const url = `mongodb://${host}/?directConnection=true`;
      return await withMongo(url, (client) => look(client.db('admin'), host, initiates), ATTEMPT_MS);
    } catch (error) {
      reason = error;
      return undefined;
    }
  };
  const ready = await poll(ask, { timeoutMs: READY_MS, signal });
  if (ready === undefined) throw new Error(`not ready after ${READY_MS / 1000} s: ${reasonOf(reason)}`);
  return ready;
}

async function look(admin: Db, host: string, initiates: string | undefined): Promise<ReadyServer | undefined> {
  const { isWritablePrimary, setName } = await admin.command({ hello: 1 });
  if (initiates !== undefined && setName === undefined) await initiate(admin, host, initiates);
  if (isWritablePrimary !== true) return undefined;
  const { pid } = await admin.command({ serverStatus: 1 });
  const options = setName === undefined ? '' : `?replicaSet=${setName}`;
  return { url: `mongodb://${host}/${options}`, pid: Number(pid) };
}

/** It takes a moment until the new set has elected its only member; asked again meanwhile, it says so. */
async function initiate(admin: Db, host: string, name: string): Promise<void> {
  await admin.command({ replSetInitiate: { _id: name, members: [{ _id: 0, host }] } }).catch((error: unknown) => {
    if (!(error instanceof MongoServerError && error.code === ALREADY_INITIATED)) throw error;
  });
}
