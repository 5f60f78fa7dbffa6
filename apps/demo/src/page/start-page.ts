import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Locale } from '@jobsweep/core';
import type { Pair } from '../adapters/pairs.js';

const PROGRAM = fileURLToPath(new URL('page.js', import.meta.url));

/** The database that a page is of. */
export interface PageRequest {
  readonly pair: Pair;
  readonly url: string;
  readonly locale: Locale;
  readonly purge: boolean;
}

/** A runner with a page, which outlives this process. */
export interface KeptPage {
  readonly url: string;
  readonly pid: number;
}

/** Starts one. Rejects where it ends before it serves. */
export async function startPage(request: PageRequest, signal: AbortSignal): Promise<KeptPage> {
  const child = fork(PROGRAM, [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Others may read the arguments of a process, and the URL has a password.
    env: { ...process.env, DEMO_PAGE: JSON.stringify(request) },
  });
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('The page ended before it was served');
  });
  try {
    const [port] = (await Promise.race([once(child, 'message', { signal }), ended])) as [number];
    ended.catch(() => undefined);
    child.disconnect();
    child.unref();
    return { url: `http://127.0.0.1:${port}/`, pid: child.pid ?? 0 };
  } catch (error) {
    child.kill();
    throw error;
  }
}
