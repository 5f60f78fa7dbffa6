import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';

const BIN = join(dirname(createRequire(import.meta.url).resolve('@jobsweep/runner/package.json')), 'bin/jobsweep.js');

export interface Finished {
  /** What it wrote, on standard output and standard error. */
  readonly text: string;
  /** `null`: a signal ended it. */
  readonly status: number | null;
  /** The most memory that it had, in MiB. */
  readonly peakMib: number;
}

export interface Running {
  /** What it wrote so far. */
  readonly text: string;
  readonly finished: Promise<Finished>;
  stop(): void;
}

/** Has a process say at its end, on its fourth stream, how many KiB it had at most. */
const TELLING_PEAK = `--import=data:text/javascript,${encodeURIComponent(
  "import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,String(process.resourceUsage().maxRSS)))",
)}`;

/** Starts the `jobsweep` command as a user does, in the folder of the config. */
export function startJobsweep(
  args: readonly string[],
  options: { readonly folder: string; readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Running {
  const { folder, env, signal } = options;
  const child = spawn(process.execPath, [TELLING_PEAK, BIN, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    signal,
  });
  const written = ['', '', '', ''];
  child.stdio.forEach((stream, index) => {
    if (stream instanceof Readable) stream.setEncoding('utf8').on('data', (chunk: string) => (written[index] += chunk));
  });
  const text = () => `${written[1]}${written[2]}`;
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ text: text(), status, peakMib: Number(written[3]) / 1024 }));
  });
  return {
    get text() {
      return text();
    },
    finished,
    stop: () => {
      child.kill('SIGTERM');
    },
  };
}
