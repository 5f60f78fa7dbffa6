import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError, reasonOf } from '../errors.js';
import { sharedFolder } from '../folders.js';
import { asServerUser } from '../user.js';

const run = promisify(execFile);

/** SecantusDB speaks MongoDB's protocol and keeps its data in MongoDB's storage engine. */
export const SECANTUS_RELEASE = '0.7.0b3';

const CONFIG = 'secantusd.toml';

/** Asked as the servers' user, who may not be allowed to run the first Python on the PATH. */
const WHICH_PYTHON = 'import sys, venv, ensurepip; print(sys.executable, "%d.%d" % sys.version_info[:2])';

export interface Secantus {
  /** The Python that has it. */
  readonly python: string;
  /** An empty file of settings: without one SecantusDB looks for some in the home folder. */
  readonly config: string;
}

/** A virtual environment of Python with SecantusDB, filled once from PyPI. Nothing is installed elsewhere. */
export async function findSecantus(): Promise<Secantus> {
  const [python, version] = await hostPython();
  const owner = process.getuid?.() ?? 0;
  const name = `jobsweep-secantusdb-${SECANTUS_RELEASE}-python${version}-${owner}`;
  const folder = await sharedFolder(name, owner, async (draft) => {
    try {
      await run(python, ['-m', 'venv', draft]);
      const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--retries', '1'];
      const what = ['--only-binary', ':all:', `secantusdb==${SECANTUS_RELEASE}`];
      await run(join(draft, 'bin/python3'), ['-m', 'pip', 'install', ...quiet, ...what]);
      await writeFile(join(draft, CONFIG), '');
    } catch (cause) {
      throw new EngineError('ENGINE_UNAVAILABLE', `pip cannot fetch SecantusDB: ${lastLine(cause)}`, cause);
    }
  });
  return { python: join(folder, 'bin/python3'), config: join(folder, CONFIG) };
}

/** A Python that can make virtual environments, and its version. */
async function hostPython(): Promise<[path: string, version: string]> {
  try {
    const { stdout } = await run('python3', ['-I', '-c', WHICH_PYTHON], asServerUser());
    const [, path = '', version = ''] = /^(.+) (\S+)$/m.exec(stdout) ?? [];
    return [path, version];
  } catch (cause) {
    throw new EngineError('ENGINE_UNAVAILABLE', `no python3 with venv: ${lastLine(cause)}`, cause);
  }
}

/** What Python or pip says last about an error. */
function lastLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trimEnd() : '';
  return said.split('\n').at(-1) || reasonOf(error);
}
