import { type ConnectionOptions, JobsweepError, type OpenedStore } from '@jobsweep/core';
import mongoose, { type ClientSession, type Connection } from 'mongoose';
import { mongoContext } from './context.js';
import { storeOn } from './mongo-store.js';
import type { MongoStoreOptions } from './options.js';
import { type MongoConnection, mongoConnection } from './session/connection-url.js';

/**
 * A `CleanupStore` on a mongoose connection of its own, opened with the first statement. Nothing is queued for a server
 * that cannot be reached: each statement that meets none fails after 5 seconds with `CONNECTION_LOST`, and the next one
 * tries again.
 *
 * Throws `INVALID_OPTION` for the URL of another database or one that names no database, without repeating it, and
 * whatever `mongoStore` throws.
 *
 * @example
 * const { store, close } = await openStore({ url: 'mongodb://localhost/cluster?replicaSet=rs0' });
 * console.log(await store.inspect.schema());
 * await close();
 */
export async function openStore(
  connection: ConnectionOptions,
  options: MongoStoreOptions = {},
): Promise<OpenedStore<ClientSession>> {
  const target = mongoConnection(connection);
  const own = new OwnConnection(mongoose.createConnection(), target);
  try {
    const store = storeOn(mongoContext(own.connection, options, () => own.open()));
    return { store, close: () => own.close() };
  } catch (error) {
    await own.close();
    throw error;
  }
}

/** A connection that is opened by those who need it, and again by the next one where that failed. */
class OwnConnection {
  private opening: Promise<unknown> | undefined;
  private isClosed = false;

  constructor(
    readonly connection: Connection,
    private readonly target: MongoConnection,
  ) {}

  async open(): Promise<void> {
    if (this.isClosed) throw new JobsweepError('CONNECTION_LOST', 'The store was closed. Open another one.');
    const { url, driverOptions } = this.target;
    this.opening ??= this.connection.openUri(url, { ...driverOptions, ...MONGOOSE_OPTIONS });
    try {
      await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.opening?.catch(() => undefined);
    await this.connection.destroy();
  }
}

/** Collections and indexes are made by those who say so. */
const MONGOOSE_OPTIONS = { bufferCommands: false, autoCreate: false, autoIndex: false } as const;
