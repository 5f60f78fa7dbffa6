import type { Plain } from './plain.js';
import { connectMysql } from './plain-mysql.js';
import { connectPostgres } from './plain-postgres.js';

/** A connection of the plain driver that the URL is for. */
export const connectPlain = (url: string): Promise<Plain> =>
  url.startsWith('mysql:') ? connectMysql(url) : connectPostgres(url);
