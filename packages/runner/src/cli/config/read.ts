import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { loadConfig } from 'c12';
import type { Words } from '../../words/words.js';
import { ConfigError } from './problems.js';

/** What a config file exports or holds, as it is. Throws `INVALID_CONFIG` when it cannot be read. */
export async function readConfig(path: string, words: Words['config']): Promise<unknown> {
  try {
    if (path.endsWith('.json')) JSON.parse(readFileSync(path, 'utf8'));
    const { config } = await loadConfig({
      configFile: path,
      cwd: dirname(path),
      rcFile: false,
      globalRc: false,
      packageJson: false,
      dotenv: false,
      envName: false,
      extend: false,
    });
    return config;
  } catch (error) {
    throw new ConfigError(basename(path), [{ path: '', ...words.unreadable(reasonOf(error)) }]);
  }
}

/** The first line without what parsers quote of the file, which may be a password. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.replace(/, (\.\.\.)?["'].*is not valid JSON/s, '').split('\n');
  return line.replace(/[.:\s]+$/, '');
}
