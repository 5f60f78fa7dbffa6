import { type ConnectionOptions, invalidOption } from '@jobsweep/core';
import mongoose from 'mongoose';

/** What `openStore` was asked for, understood. */
export interface MongoConnection {
  readonly url: string;
  readonly driverOptions: mongoose.mongo.MongoClientOptions;
}

/** What the driver is told where the URL does not say it. */
const DEFAULTS = {
  appName: 'jobsweep',
  maxPoolSize: 5,
  connectTimeoutMS: 5000,
  serverSelectionTimeoutMS: 5000,
  waitQueueTimeoutMS: 10_000,
} as const;

const MAX_POOL_SIZE = 1000;

/**
 * Throws `INVALID_OPTION` for the URL of another database, for one that the driver cannot read or that names no database,
 * and for a `poolSize` out of range; nothing of the URL but its scheme is in the message, and no cause.
 */
export function mongoConnection({ url, poolSize }: ConnectionOptions): MongoConnection {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url) ?? [];
  const shown = scheme === undefined ? typeof url : `${scheme}://...`;
  if (scheme !== 'mongodb' && scheme !== 'mongodb+srv') {
    throw invalidOption('connection.url', shown, 'give a URL of mongodb:// or mongodb+srv://');
  }
  if (!isReadable(url)) {
    const fix =
      'the driver cannot read it; percent-encode characters such as @ : / ? # in the user and the password, and check ' +
      'the names of its options';
    throw invalidOption('connection.url', shown, fix);
  }
  if (!/^[^/]+\/\/[^/?]+\/[^?]/.test(url)) {
    throw invalidOption('connection.url', shown, 'name the database, as in mongodb://host/cluster');
  }
  if (poolSize !== undefined && !(Number.isInteger(poolSize) && poolSize >= 1 && poolSize <= MAX_POOL_SIZE)) {
    throw invalidOption('connection.poolSize', poolSize, `give a whole number from 1 to ${MAX_POOL_SIZE}`);
  }
  // What the driver is told beside the URL goes before it.
  const [, query = ''] = url.split('?');
  const said = new Set([...new URLSearchParams(query).keys()].map((key) => key.toLowerCase()));
  const left = Object.entries(DEFAULTS).filter(([key]) => !said.has(key.toLowerCase()));
  return {
    url,
    driverOptions: { ...Object.fromEntries(left), ...(poolSize !== undefined && { maxPoolSize: poolSize }) },
  };
}

/** The driver's own errors repeat what they could not read, passwords too. */
function isReadable(url: string): boolean {
  try {
    new mongoose.mongo.MongoClient(url);
    return true;
  } catch {
    return false;
  }
}
