import { isJobsweepError, JobsweepError, type ServerInfo } from '@jobsweep/core';
import type { Ask } from '../catalog.js';
import type { Dialect } from '../dialect.js';
import { sql } from '../driver/sql.js';

/**
 * What the server says of itself, and its clock. A session that takes no writes is not used again: it may have that from a
 * default which has changed since it began.
 */
export async function serverInfo(dialect: Dialect, ask: Ask): Promise<ServerInfo> {
  let info: ServerInfo | undefined;
  try {
    await ask(async (session) => {
      const facts = await dialect.catalog.server(session);
      const [clock] = await session.run(sql`select ${dialect.words.now} as now`);
      info = { ...facts, now: new Date(Number(clock?.now) / 1000) };
      if (!info.isWritable) throw new JobsweepError('SERVER_UNAVAILABLE', 'This session takes no writes.');
    });
  } catch (error) {
    if (info === undefined || !isJobsweepError(error, 'SERVER_UNAVAILABLE')) throw error;
  }
  if (info === undefined) throw new TypeError('The server was not asked');
  return info;
}
