import { EngineError, reasonOf } from '../errors.js';
import { serverVersion } from './connect.js';
import type { PostgresServer } from './server.js';

const EXAMPLE = 'postgres://user:password@host:5432/database';
const FIX = 'start that server, correct PG_URL, or unset it to use the embedded PostgreSQL';

/** Uses the server that PG_URL names, which is not ours to stop. */
export async function useExternal(url: string): Promise<PostgresServer> {
  const shown = hidePassword(url);
  try {
    return { url, version: await serverVersion(url), source: 'PG_URL', stop: async () => undefined };
  } catch (cause) {
    const reason = reasonOf(cause).replaceAll(/\s+/g, ' ');
    throw new EngineError('ENGINE_UNREACHABLE', `Cannot use PG_URL ${shown} (${reason}): ${FIX}`, cause);
  }
}

function hidePassword(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new EngineError('ENGINE_UNREACHABLE', `PG_URL is not a URL such as ${EXAMPLE}: ${FIX}`);
  }
  if (parsed.password !== '') parsed.password = '***';
  if (parsed.searchParams.has('password')) parsed.searchParams.set('password', '***');
  return parsed.href;
}
