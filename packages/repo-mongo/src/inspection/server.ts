import { type ServerInfo, throwIfAborted } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import { runCommand } from '../session/command.js';

interface BuildInfo {
  readonly version: string;
  /** Of servers that speak MongoDB's protocol and are none. */
  readonly secantusVersion?: string;
  readonly ferretdb?: { readonly version?: string };
}

interface Hello {
  readonly localTime: Date;
  readonly isWritablePrimary: boolean;
}

/** What the server says of itself, and its clock. MongoDB keeps instants and knows no time zone. */
export async function serverInfo(context: MongoContext, signal: AbortSignal | undefined): Promise<ServerInfo> {
  const { version, secantusVersion, ferretdb } = await runCommand<BuildInfo>(context, { buildInfo: 1 }, 'admin');
  throwIfAborted(signal);
  const { localTime, isWritablePrimary } = await runCommand<Hello>(context, { hello: 1 }, 'admin');
  const server = { now: localTime, timeZone: 'UTC', isWritable: isWritablePrimary };
  if (secantusVersion !== undefined) return { product: 'SecantusDB', version: secantusVersion, ...server };
  if (ferretdb !== undefined) return { product: 'FerretDB', version: ferretdb.version ?? version, ...server };
  return { product: 'MongoDB', version, ...server };
}
