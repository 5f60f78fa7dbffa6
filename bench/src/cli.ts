import { type Arguments, read } from './arguments.js';
import { measure } from './measure.js';
import { check } from './report/check.js';
import { publish } from './report/publish.js';
import { tables } from './report/tables.js';
import { keepResults, readResults, resultsOf } from './results/files.js';
import type { Result } from './results/result.js';

const USAGE = 2;

/** Measures, or reports what was measured before, as the arguments say. Gives the exit status: 1 where a bound is not reached. */
async function main(args: readonly string[]): Promise<number> {
  const said = read(args);
  const results = said.report === undefined ? await measured(said) : await published(said.report);
  if (!said.isChecked) return 0;
  const { lines, below } = check(results);
  console.log(lines.join('\n'));
  return below === 0 ? 0 : 1;
}

/** Prints what is found as it comes, and keeps it: what takes an hour is not lost with its last minute. */
async function measured({ databases, json, ...plan }: Arguments): Promise<readonly Result[]> {
  const all: Result[] = [];
  for (const database of databases) {
    for await (const result of measure(database, plan)) {
      all.push(result);
      console.error(tables([result]).split('\n').at(-1));
      if (json !== undefined) await keepResults(json, resultsOf([result]));
    }
  }
  console.log(tables(all));
  return all;
}

async function published(files: readonly string[]): Promise<readonly Result[]> {
  const results = await readResults(files);
  for (const file of await publish(results)) console.log(file);
  return results.results;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof TypeError ? error.message : error);
  process.exitCode = USAGE;
}
