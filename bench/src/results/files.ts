import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { merge } from './merge.js';
import type { Machine, Result, Results } from './result.js';

const thisMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGib: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release().replace(/-.*/, '')}`,
  node: process.version,
});

/** What was found here and now. */
export const resultsOf = (results: readonly Result[]): Results => ({
  machine: thisMachine(),
  at: new Date().toISOString(),
  results,
});

/** What is in files of `--json`, put together. */
export async function readResults(files: readonly string[]): Promise<Results> {
  const read = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Results;
  const [first, ...others] = await Promise.all(files.map(read));
  if (first === undefined) throw new TypeError('report: name the files that --json wrote');
  return merge([first, ...others]);
}

/** Adds to what is in the file already. */
export async function keepResults(file: string, results: Results): Promise<void> {
  const all = existsSync(file) ? merge([await readResults([file]), results]) : results;
  await writeFile(file, `${JSON.stringify(all, null, 2)}\n`);
}
