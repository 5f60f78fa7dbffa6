import type { EngineServer } from '../engine.js';
import { EngineError, reasonOf } from '../errors.js';
import { hidePassword } from '../urls.js';
import { serverVersion } from './connect.js';
import { type Flavor, isMariadb } from './flavors.js';

/** Uses the server that MYSQL_URL or MARIADB_URL names, which is not ours to stop. */
export async function useExternal({ name, title, variable }: Flavor, url: string): Promise<EngineServer> {
  const fix = `start that server, correct ${variable}, or unset it to use one of our own`;
  const shown = hidePassword(url, {
    variable,
    protocol: /^mysql:$/,
    example: 'mysql://user:password@host:3306/db',
    fix,
  });
  const version = await serverVersion(url).catch((cause) => {
    const reason = reasonOf(cause).replaceAll(/\s+/g, ' ');
    throw new EngineError('ENGINE_UNREACHABLE', `Cannot use ${variable} ${shown} (${reason}): ${fix}`, cause);
  });
  if (isMariadb(version) !== (name === 'mariadb')) {
    throw new EngineError('ENGINE_UNSUITABLE', `${variable} ${shown} is no ${title} but ${version}: ${fix}`);
  }
  return { url, version, source: variable, stop: async () => undefined };
}
