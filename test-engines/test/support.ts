import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { poll } from '../src/waiting.js';

const HOLDER = fileURLToPath(new URL('fixtures/holder.mjs', import.meta.url));

export interface Held {
  readonly pid: number;
  readonly dataDir: string;
  readonly url: string;
}

/** Another process that starts a server, and what it said about it. */
export async function hold(
  options: object,
  mode: 'wait' | 'leave' | 'kill',
): Promise<{ holder: ChildProcess; held: Held }> {
  const { PG_URL: _, ...env } = process.env;
  const holder = spawn(process.execPath, [HOLDER, JSON.stringify(options), mode], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: holder.stdout })) {
    return { holder, held: JSON.parse(line) as Held };
  }
  throw new Error('the holder said nothing');
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether the server's process and everything that it had on disk are gone within the time. */
export async function isGone(server: { pid?: number; dataDir?: string }, timeoutMs = 15_000): Promise<boolean> {
  const { pid, dataDir } = server;
  if (pid === undefined || dataDir === undefined) throw new Error('not a server of our own');
  const ask = () => (!isAlive(pid) && !existsSync(dirname(dataDir)) ? true : undefined);
  return (await poll(ask, { timeoutMs })) ?? false;
}
