import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const BIN = fileURLToPath(new URL('../../../bin/jobsweep.js', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../../..', import.meta.url));
const INSTALLED = ['core', 'runner', 'repo-knex', 'repo-typeorm', 'repo-mongo'];

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of somebody who has installed jobsweep, gone at the end of the test. */
export function aFolder(files: Readonly<Record<string, string | object>> = {}): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'jobsweep-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules/@jobsweep'), { recursive: true });
  for (const name of INSTALLED) symlinkSync(join(PACKAGES, name), join(folder, 'node_modules/@jobsweep', name));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** What a process of a user has of the environment, beside what a test gives it. */
function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, ...env };
}

/** Runs the built command in a process of its own. It knows of the environment what it is given, and has no terminal. */
export async function jobsweepAlone(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
    });
  }
  await once(child, 'close');
  return { status: child.exitCode, ...output };
}

/** The same in a process that has run other commands before, which takes a tenth of the time. */
export async function jobsweep(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  host ??= new Host();
  return host.run(folder, args, environment(env));
}

let host: Host | undefined;

/** A process that has the command loaded. It ends with the one that began it. */
class Host {
  private readonly child = fork(fileURLToPath(new URL('host.mjs', import.meta.url)), { env: environment({}) });
  private readonly waiting = new Map<number, { resolve: (ended: Ended) => void; reject: (error: Error) => void }>();
  private lastId = 0;

  constructor() {
    this.child.unref();
    this.child.channel?.unref();
    this.child.on('message', ({ id, ...ended }: Ended & { readonly id: number }) => {
      this.waiting.get(id)?.resolve(ended);
      this.waiting.delete(id);
    });
    this.child.on('close', () => {
      host = undefined;
      for (const { reject } of this.waiting.values()) reject(new Error('The process that runs commands has ended'));
    });
  }

  run(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, folder, args, env });
    });
  }
}
