import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError, reasonOf } from './errors.js';
import { sharedFolder } from './folders.js';

const run = promisify(execFile);

/** A package of a Debian release, unpacked with all that it needs: nothing of it is installed. */
export interface DebianPackage {
  /** The root of the unpacked files. */
  readonly root: string;
  /** The words that start a program of the package, with the libraries it was built for. */
  readonly command: (program: string) => [string, ...string[]];
}

/** Downloads a package and its libraries, once, from the mirror that this machine's own apt uses. */
export async function debianPackage(suite: string, name: string): Promise<DebianPackage> {
  const owner = process.getuid?.() ?? 0;
  const root = await sharedFolder(`jobsweep-${name}-${suite}-${owner}`, owner, async (draft) => {
    try {
      await unpack(suite, name, draft);
    } catch (cause) {
      throw new EngineError('ENGINE_UNAVAILABLE', `apt cannot fetch ${name} of Debian ${suite} (${firstLine(cause)})`);
    }
  });
  const libraries = await libraryFolders(root);
  const loader = await findLoader(libraries);
  return { root, command: (program) => [loader, '--library-path', libraries.join(':'), join(root, program)] };
}

/** A state of apt's own, in which nothing is installed: so the closure of a package is all that it needs. */
async function unpack(suite: string, name: string, draft: string): Promise<void> {
  const apt = join(draft, '.apt');
  const [status, sources] = [join(apt, 'status'), join(apt, 'sources.list')];
  await mkdir(join(apt, 'state/lists/partial'), { recursive: true });
  await mkdir(join(apt, 'cache/archives/partial'), { recursive: true });
  await writeFile(status, '');
  await writeFile(sources, `deb ${await debianMirror()} ${suite} main\n`);
  const options = Object.entries({
    'Dir::State': join(apt, 'state'),
    'Dir::State::status': status,
    'Dir::Cache': join(apt, 'cache'),
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Debug::NoLocking': '1',
  }).flatMap(([option, value]) => ['-o', `${option}=${value}`]);
  await run('apt-get', [...options, '-qq', 'update']);
  await run('apt-get', [...options, '-qq', '-y', '--no-install-recommends', '--download-only', 'install', name]);
  const archives = join(apt, 'cache/archives');
  for (const file of await readdir(archives)) {
    if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(archives, file), draft]);
  }
  await rm(apt, { recursive: true });
}

async function debianMirror(): Promise<string> {
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)']);
  const mirror = stdout.split('\n').find((uri) => /\/debian\/?$/.test(uri));
  if (mirror === undefined) throw new Error('this machine has no mirror of Debian in its sources');
  return mirror;
}

/** Debian keeps libraries in a folder named after the architecture, in one of two places. */
async function libraryFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const parent of ['usr/lib', 'lib']) {
    const entries = await readdir(join(root, parent)).catch(() => []);
    folders.push(...entries.filter((entry) => entry.endsWith('-linux-gnu')).map((entry) => join(root, parent, entry)));
  }
  return folders;
}

async function findLoader(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const loader = (await readdir(folder)).find((entry) => entry.startsWith('ld-linux'));
    if (loader !== undefined) return join(folder, loader);
  }
  throw new EngineError('ENGINE_UNAVAILABLE', 'The packages of this machine have no program loader');
}

/** What apt says first about an error, or that there is no apt. */
function firstLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  return said.split('\n').find((line) => line.startsWith('E:')) ?? reasonOf(error);
}
