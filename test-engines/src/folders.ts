import { chmod, lstat, mkdtemp, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EngineError } from './errors.js';
import { isRoot } from './user.js';

const MANIFEST = '.entries';

/** The folder for temporary files: the system's, unless root's is closed to the user that servers run as. */
export async function temporaryRoot(): Promise<string> {
  const root = await realpath(tmpdir());
  return isRoot() && !(await isOpenToAll(root)) ? '/tmp' : root;
}

async function isOpenToAll(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false;
  return dirname(folder) === folder || (await isOpenToAll(dirname(folder)));
}

/**
 * A folder that is filled once and used by every later start. It gets its name only when it is complete, so several
 * processes may ask for it at once; one that a cleaner of old temporary files has thinned out is made again.
 */
export async function sharedFolder(name: string, owner: number, fill: (folder: string) => Promise<void>) {
  const folder = join(await temporaryRoot(), name);
  if (await isUsable(folder, owner)) return folder;
  const draft = await mkdtemp(`${folder}-`);
  try {
    await fill(draft);
    await writeFile(join(draft, MANIFEST), String(await countEntries(draft)));
    if (isRoot()) await chmod(draft, 0o755);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have been first.
    if (!(await isUsable(folder, owner))) throw error;
  }
  return folder;
}

async function isUsable(folder: string, owner: number): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o022) !== 0) {
    throw new EngineError('ENGINE_UNAVAILABLE', `${folder} was not made by this user: remove it, or set TMPDIR`);
  }
  const expected = await readFile(join(folder, MANIFEST), 'utf8').catch(() => '');
  if (expected === String((await countEntries(folder)) - 1)) return true;
  const broken = await mkdtemp(`${folder}-`);
  await rename(folder, broken).catch(() => undefined);
  await rm(broken, { recursive: true, force: true });
  return false;
}

const countEntries = async (folder: string) => (await readdir(folder, { recursive: true })).length;
