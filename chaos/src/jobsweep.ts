import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '@jobsweep/test-engines';
import { LastWill } from './last-will.js';

const BIN = join(dirname(createRequire(import.meta.url).resolve('@jobsweep/runner/package.json')), 'bin/jobsweep.js');

const START_MS = 60_000;
const HEALTH_MS = 2000;

export interface LogLine {
  readonly level: string;
  readonly msg: string;
}

/** A process of `jobsweep start`. */
export class Jobsweep {
  /** What it logged. */
  readonly log: LogLine[] = [];
  /** Lines on standard error that are no log. */
  readonly noise: string[] = [];
  /** The last line on standard error. */
  lastWords = '';
  #address: string | undefined;
  readonly #child: ChildProcess;
  readonly #will: LastWill;
  readonly #exit: Promise<unknown>;

  constructor(config: string) {
    const child = spawn(process.execPath, [BIN, 'start', '--config', config], {
      cwd: dirname(config),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    this.#exit = once(child, 'exit');
    this.#will = new LastWill('kill -KILL "$0"', String(child.pid));
    createInterface({ input: child.stderr }).on('line', (line) => this.#hear(line));
    child.stdout.resume();
  }

  /** Waits until it says where it serves, or ends. */
  async started(signal: AbortSignal): Promise<void> {
    const told = () => (this.#address !== undefined || this.hasEnded ? true : undefined);
    await poll(told, { timeoutMs: START_MS, signal });
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The status of `/healthz` or `/readyz`; 0 where nobody answers. */
  async status(path: '/healthz' | '/readyz'): Promise<number> {
    if (this.#address === undefined) return 0;
    const answer = fetch(`${this.#address}${path}`, { signal: AbortSignal.timeout(HEALTH_MS) });
    return answer.then(
      async (response) => {
        await response.text();
        return response.status;
      },
      () => 0,
    );
  }

  /** What it complained of, each kind once, with how often. */
  complaints(): string[] {
    const counts = new Map<string, number>();
    for (const { level, msg } of this.log) {
      const kind = `${level}: ${msg.replaceAll(/\d+/g, 'n')}`;
      if (level === 'warn' || level === 'error') counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return [...counts].map(([kind, count]) => `${kind} (${count})`);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Asks it to stop and gives how it ended, within the time; `code` is undefined where it did not. */
  async stop(withinSeconds: number): Promise<{ seconds: number; code: number | null | undefined }> {
    const began = performance.now();
    this.signal('SIGTERM');
    const patience = new AbortController();
    await Promise.race([this.#exit, delay(withinSeconds * 1000, undefined, { signal: patience.signal })]);
    patience.abort();
    const code = this.hasEnded ? this.#child.exitCode : undefined;
    return { seconds: (performance.now() - began) / 1000, code };
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exit;
    await this.#will.cancel();
  }

  #hear(line: string): void {
    this.lastWords = line;
    this.#address ??= /serving (http:\/\/[\w.]+:\d+)/.exec(line)?.[1];
    try {
      const { level, msg } = JSON.parse(line) as { level: unknown; msg: unknown };
      this.log.push({ level: String(level), msg: String(msg) });
    } catch {
      this.noise.push(line);
    }
  }
}

/** Runs another command of jobsweep's to its end and gives what it wrote. */
export async function runCommand(config: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const options = { cwd: dirname(config), signal, maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args, '--config', config], options, (_error, stdout, stderr) => {
      resolve(`${stdout}${stderr}`);
    });
  });
}

/** A command of jobsweep's that may be killed. `ended` tells whether it was. */
export function spawnCommand(config: string, args: readonly string[], signal: AbortSignal) {
  const options = { cwd: dirname(config), signal, killSignal: 'SIGKILL', stdio: 'ignore' } as const;
  const child = spawn(process.execPath, [BIN, ...args, '--config', config], options);
  const ended = once(child, 'exit').then(() => child.signalCode !== null);
  return { ended, kill: () => child.kill('SIGKILL') };
}
