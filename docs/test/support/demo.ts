import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enginesOfRun, serverUrl } from '@jobsweep/test-engines/vitest';
import { root } from './pages.js';
import { type Ended, runNode } from './run.js';

const CLI = join(root, 'apps/demo/dist/cli.js');
const DEFAULT_LOG = join(root, 'apps/demo/data/NASA-iPSC-1993-3.1-cln.swf.gz');

/** What differs from line to line does not depend on the number of jobs, and a million take a minute. */
const FEW_ROWS = '3000';

/** A documented line with the same flags and few jobs. */
export function withFewRows(line: string): string {
  if (line.includes(' --rows ')) return line.replace(/ --rows \d+/, ` --rows ${FEW_ROWS}`);
  return `${line}${line.includes(' -- ') ? '' : ' --'} --rows ${FEW_ROWS}`;
}

const VARIABLES = { postgres: 'PG_URL', mariadb: 'MARIADB_URL', mongodb: 'MONGO_URL' } as const;
type Database = keyof typeof VARIABLES;

/** Whether the run has the database that a line asks for; `ENGINES` may have left it out. */
export function hasDatabase(line: string): boolean {
  const [, database = 'postgres'] = / --database (\S+)/.exec(line) ?? [];
  return enginesOfRun().some((engine) => engine === database);
}

/** Runs the built demo with the flags of a line, on the tests' servers. `my.swf.gz` is there to be read. */
export function runDemo<Result>(line: string, inspect: (ended: Ended) => Result): Promise<Result> {
  const [, flags = ''] = line.split(' -- ');
  const args = flags.split(' ').filter((flag) => flag !== '');
  const env: NodeJS.ProcessEnv = { INIT_CWD: undefined, FORCE_COLOR: undefined };
  for (const engine of enginesOfRun()) env[VARIABLES[engine as Database]] = serverUrl(engine);
  return runNode([CLI, ...args], env, inspect, (folder) => copyFileSync(DEFAULT_LOG, join(folder, 'my.swf.gz')));
}

export const readJson = (folder: string, name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
