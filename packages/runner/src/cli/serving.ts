import { basename } from 'node:path';
import { type PageAccess, pageAccess } from './config/page-access.js';
import { ConfigError } from './config/problems.js';
import type { Context, Opened } from './context.js';

/** What the command line says of where to serve. */
export interface ServingOptions {
  readonly host?: string;
  readonly port?: number;
  /** `false` with `--no-http`. */
  readonly http: boolean;
}

/** Where to serve, and to whom. */
export interface Serving {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly backlogSeconds: number | undefined;
  readonly access: Exclude<PageAccess, 'unsafe'>;
  readonly token: string | undefined;
  /** Names under which browsers find the page, besides `localhost`. */
  readonly hosts: readonly string[];
}

/** What the command line says of it, and else the config; `false`: nothing is served. Throws `INVALID_CONFIG` for a page that strangers would reach. */
export function servingOf(
  { audience }: Context,
  { config, path }: Opened,
  { host, port, http }: ServingOptions,
): Serving | false {
  if (!http || (config.http === false && host === undefined && port === undefined)) return false;
  const own = config.http === false ? {} : (config.http ?? {});
  const where = { host: host ?? own.host, port: port ?? own.port };
  const access = pageAccess({ ...own, host: where.host });
  // Of the config alone that was said when it was read.
  if (access === 'unsafe') {
    throw new ConfigError(basename(path), [{ path: 'http.page', ...audience.words.config.unsafePage }]);
  }
  const hosts = [...(where.host === undefined ? [] : [where.host]), ...(own.hosts ?? [])];
  return { ...where, backlogSeconds: own.backlogSeconds, access, token: own.token, hosts };
}
