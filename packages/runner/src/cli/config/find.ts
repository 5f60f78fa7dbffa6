import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import type { Words } from '../../words/words.js';
import { ConfigError, type ConfigProblem } from './problems.js';

export const CONFIG_NAME = 'jobsweep.config';
const EXTENSIONS = ['.ts', '.mjs', '.json'];

/** The config file: the one that was named, or the one in the folder. Throws `INVALID_CONFIG` without one, or with two. */
export function findConfig(folder: string, named: string | undefined, words: Words['config']): string {
  if (named !== undefined) {
    const path = resolve(folder, named);
    if (!existsSync(path)) throw missing(named, words.notThere);
    if (!EXTENSIONS.includes(extname(path))) {
      throw missing(named, words.wrongEnding(extname(path), EXTENSIONS.join(', ')));
    }
    return path;
  }
  const found = EXTENSIONS.map((extension) => join(folder, CONFIG_NAME + extension)).filter((path) => existsSync(path));
  const [first, second] = found;
  const names = EXTENSIONS.map((extension) => CONFIG_NAME + extension).join(', ');
  if (first === undefined) throw missing(words.theFile, words.noFile(names));
  if (second !== undefined) throw missing(words.theFile, words.twoFiles(found.map((path) => basename(path))));
  return first;
}

/** Whether commands in a folder find a config file without being told. */
export function isDefaultConfig(folder: string, path: string, words: Words['config']): boolean {
  try {
    return findConfig(folder, undefined, words) === path;
  } catch {
    return false;
  }
}

const missing = (file: string, problem: Omit<ConfigProblem, 'path'>) =>
  new ConfigError(file, [{ path: '', ...problem }]);
