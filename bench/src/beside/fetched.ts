import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The default export of a module out of npm that is no dependency: it is fetched, with the packages that go with it, into a folder
 * of its own.
 *
 * @param packages with their versions; the first one is the module.
 */
export async function fetched(packages: readonly [string, ...string[]]): Promise<unknown> {
  const folder = join(tmpdir(), 'jobsweep-bench', packages.join(' ').replaceAll('/', '+'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  await run('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder });
  const name = packages[0].replace(/(?<=.)@.*$/, '');
  const module = join(folder, 'module.mjs');
  await writeFile(module, `export { default } from ${JSON.stringify(name)};\n`);
  return ((await import(pathToFileURL(module).href)) as { readonly default: unknown }).default;
}
