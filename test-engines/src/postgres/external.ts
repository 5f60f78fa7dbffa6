import type { EngineServer } from '../engine.js';
import { EngineError, reasonOf } from '../errors.js';
import { hidePassword } from '../urls.js';
import { serverVersion } from './connect.js';

const ADDRESS = {
  variable: 'PG_URL',
  protocol: /^postgres(ql)?:$/,
  example: 'postgres://user:password@host:5432/database',
  fix: 'start that server, correct PG_URL, or unset it to use the embedded PostgreSQL',
};

/** Uses the server that PG_URL names, which is not ours to stop. */
export async function useExternal(url: string, signal?: AbortSignal): Promise<EngineServer> {
  const shown = hidePassword(url, ADDRESS);
  try {
    return { url, version: await serverVersion(url, signal), source: 'PG_URL', stop: async () => undefined };
  } catch (cause) {
    const reason = reasonOf(cause).replaceAll(/\s+/g, ' ');
    throw new EngineError('ENGINE_UNREACHABLE', `Cannot use PG_URL ${shown} (${reason}): ${ADDRESS.fix}`, cause);
  }
}
