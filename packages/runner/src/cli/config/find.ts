import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { ConfigError } from './problems.js';

export const CONFIG_NAME = 'jobsweep.config';
const EXTENSIONS = ['.ts', '.mjs', '.json'];

/** The config file: the one that was named, or the one in the folder. Throws `INVALID_CONFIG` without one, or with two. */
export function findConfig(folder: string, named: string | undefined): string {
  if (named !== undefined) {
    const path = resolve(folder, named);
    if (!existsSync(path)) throw missing(named, 'is not there', 'check the path that --config gives');
    if (!EXTENSIONS.includes(extname(path))) {
      throw missing(named, `ends in '${extname(path)}'`, `give a file that ends in ${EXTENSIONS.join(', ')}`);
    }
    return path;
  }
  const found = EXTENSIONS.map((extension) => join(folder, CONFIG_NAME + extension)).filter((path) => existsSync(path));
  const [first, second] = found;
  const names = EXTENSIONS.map((extension) => CONFIG_NAME + extension).join(', ');
  if (first === undefined) {
    throw missing(
      'The config file',
      `is not there (${names})`,
      'make one with `jobsweep init`, or name one with --config',
    );
  }
  if (second !== undefined) {
    const both = found.map((path) => basename(path)).join(' and ');
    throw missing(
      'The config file',
      `is there more than once (${both})`,
      'keep one of them, or name one with --config',
    );
  }
  return first;
}

const missing = (file: string, problem: string, fix: string) => new ConfigError(file, [{ path: '', problem, fix }]);
