import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ended {
  readonly status: number | null;
  /** Standard output and standard error, in the order written. */
  readonly output: string;
  /** The working folder, gone when `inspect` has returned. */
  readonly folder: string;
}

/** Runs a script with Node in an empty folder. */
export async function runNode<Result>(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  inspect: (ended: Ended) => Result,
  prepare: (folder: string) => void = () => undefined,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'jobsweep-docs-'));
  try {
    prepare(folder);
    const log = join(folder, '.output');
    const file = openSync(log, 'a');
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    return inspect({ status, output: readFileSync(log, 'utf8'), folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
