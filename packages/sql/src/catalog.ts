import type { ServerInfo } from '@jobsweep/core';
import type { SqlSession } from './library.js';

/** What a server says of itself. */
export type ServerFacts = Pick<ServerInfo, 'product' | 'version' | 'timeZone'>;

/** What differs between the servers in how they tell of themselves and of the tables that they hold. */
export interface Catalog {
  server(session: SqlSession): Promise<ServerFacts>;
}
