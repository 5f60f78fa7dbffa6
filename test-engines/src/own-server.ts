import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnServer } from './engine.js';
import { type Launch, ServerProcess } from './server-process.js';

/** How often a server is started again: what is left of the one that was killed may hold its port or its memory. */
const ATTEMPTS = 20;

/** Writes more files into a data folder that is not in use. */
export async function addFiles(dataDir: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(dataDir, name), text, { mode: 0o644 });
}

/** Where a server's output goes. */
export const openLog = (folder: string) => open(join(folder, 'server.log'), 'a+');

/** What is the same in each of a server's lives. */
export interface Lives {
  readonly launch: Omit<Launch, 'log'>;
  readonly url: string;
  readonly version: string;
  readonly source: string;
  readonly dataDir: string;
  /** The process id of the server, once it works. `killed` is the one that was killed. */
  readonly ready: (server: ServerProcess, killed?: number) => Promise<number>;
}

/** A server that runs, as one that can be killed and started again. */
export function ownServer(lives: Lives, first: ServerProcess, firstPid: number): OwnServer {
  const { launch, url, version, source, dataDir, ready } = lives;
  let [server, pid] = [first, firstPid];
  server.unref();

  const again = async (): Promise<void> => {
    const log = await openLog(launch.folder);
    const next = new ServerProcess({ ...launch, log });
    try {
      pid = await ready(next, pid);
    } finally {
      await log.close();
    }
    next.unref();
    server = next;
  };
  return {
    url,
    version,
    source,
    dataDir,
    get pid() {
      return pid;
    },
    stop: () => server.stop(),
    hasEnded: () => server.hasEnded(),
    kill: () => server.kill(pid),
    async restart() {
      for (let attempt = 1; ; attempt++) {
        try {
          return await again();
        } catch (error) {
          if (attempt === ATTEMPTS) throw error;
        }
      }
    },
  };
}
