import type { ServerInfo } from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import type { Look } from './look.js';

/** What the server says of itself, and its clock. */
export function serverInfo(dialect: Dialect, look: Look): Promise<ServerInfo> {
  return look(async (session) => {
    const facts = await dialect.catalog.server(session);
    const { build } = session;
    const now = build.raw('? as now', [dialect.horizonText(build, 'instant', 0)]);
    const [clock] = await session.rows<{ now: string }>(build.select(now));
    return { ...facts, now: new Date(clock?.now ?? Number.NaN) };
  });
}
