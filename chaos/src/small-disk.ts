import { execFile } from 'node:child_process';
import { chown, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LastWill } from './last-will.js';
import { Skipped } from './trial.js';

const run = promisify(execFile);

const CHUNK = Buffer.alloc(64 * 1024);

export interface SmallDisk {
  readonly path: string;
  /** Writes until nothing more fits. */
  fill(): Promise<void>;
  free(): Promise<void>;
  remove(): Promise<void>;
}

/** Servers run as this user where we are root. */
const SERVER_USER = 65534;

/** A disk of so many megabytes, in memory; only root may mount one. */
export async function smallDisk(megabytes: number): Promise<SmallDisk> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Skipped('a small disk takes root on Linux');
  const path = await mkdtemp('/tmp/jobsweep-disk-');
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]).catch(async (error: unknown) => {
    await rm(path, { recursive: true });
    throw new Skipped(`no small disk here: ${String(error)}`);
  });
  await chown(path, SERVER_USER, SERVER_USER);
  const will = new LastWill('umount -l "$0"; rmdir "$0"', path);
  const filler = join(path, 'filler');
  return {
    path,
    async fill() {
      const file = await open(filler, 'a');
      try {
        for (;;) await file.write(CHUNK);
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ENOSPC') throw error;
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler, { force: true }),
    remove: () => will.now(),
  };
}
