import type { EngineServer } from '../engine.js';
import { EngineError, reasonOf } from '../errors.js';
import { serverFacts } from './connect.js';
import type { Topology } from './topologies.js';
import { withoutCredentials } from './urls.js';

/** Uses the server that MONGO_URL or MONGO_STANDALONE_URL names, which is not ours to stop. */
export async function useExternal({ title, variable }: Topology, url: string): Promise<EngineServer> {
  const fix = `start that server, correct ${variable}, or unset it to use one of our own`;
  const shown = withoutCredentials(url);
  if (shown === undefined) {
    const message = `${variable} is not a URL such as mongodb://user:password@host:27017/: ${fix}`;
    throw new EngineError('ENGINE_UNREACHABLE', message);
  }
  const { version, topology } = await serverFacts(url).catch((cause) => {
    const reason = reasonOf(cause).replaceAll(/\s+/g, ' ');
    throw new EngineError('ENGINE_UNREACHABLE', `Cannot use ${variable} ${shown} (${reason}): ${fix}`, cause);
  });
  if (topology !== title) {
    throw new EngineError('ENGINE_UNSUITABLE', `${variable} ${shown} is a ${topology}, not a ${title}: ${fix}`);
  }
  return { url, version, source: variable, stop: async () => undefined };
}
