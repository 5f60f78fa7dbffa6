import type { WatchedCommand } from '@jobsweep/core';
import type { Words } from '../words/words.js';
import { isDefaultConfig } from './config/find.js';

/** How a command finds the config that this runner has: by itself in the folder, or by its path. */
export function commandFor(path: string, folder: string, words: Words['config']): WatchedCommand {
  return isDefaultConfig(folder, path, words)
    ? { options: '', folder }
    : { options: `--config ${quoted(path)}`, folder: null };
}

/** One word of a shell. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
