import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const BIN = fileURLToPath(new URL('../../../bin/jobsweep.js', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../../..', import.meta.url));
const INSTALLED = ['core', 'runner', 'repo-knex'];

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

/** Runs the built command. It knows of the environment what it is given, and has no terminal. */
export async function jobsweep(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { PATH, HOME, TMPDIR, ...env },
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
