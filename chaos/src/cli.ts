import { parseArgs } from 'node:util';
import { ENGINE_NAMES, type EngineName } from '@jobsweep/test-engines';
import { type Result, reportOf, table } from './report.js';
import { runTrial } from './run-trial.js';
import type { Trial } from './trial.js';
import { TRIALS } from './trials/index.js';

const USAGE = 2;
/** Trials at a time in the short form: most of their time is waiting. */
const SHORT_LANES = 2;

/** Runs the trials that the arguments name and gives the exit status: 0 all held, 1 not so, 2 wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  const chosen = choose(args);
  if (typeof chosen === 'string') {
    console.error(chosen);
    return USAGE;
  }
  const ending = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => ending.abort(new Error(`stopped by ${signal}`));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  const results: Result[] = [];
  const left = [...chosen.runs];
  const lane = async () => {
    for (let run = left.shift(); run !== undefined && !ending.signal.aborted; run = left.shift()) {
      const { trial, engine } = run;
      const result = await runTrial(trial, engine, chosen.isShort, ending.signal);
      console.log(reportOf(result));
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: chosen.isShort ? SHORT_LANES : 1 }, lane));
  const held = results.filter(({ outcome }) => outcome !== 'failed').length;
  console.log(`\n${table(results)}\n`);
  console.log(`${results.length} trials, ${held} held`);
  return ending.signal.aborted ? 130 : held === results.length && results.length > 0 ? 0 : 1;
}

interface Chosen {
  readonly runs: readonly { readonly trial: Trial; readonly engine: EngineName }[];
  readonly isShort: boolean;
}

/** What to run, or the line that says what is wrong with the arguments. */
function choose(args: readonly string[]): Chosen | string {
  const options = { engine: { type: 'string', multiple: true }, short: { type: 'boolean' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const engines = (values.engine ?? []).flatMap((word) => word.split(','));
    const strangers = [
      ...positionals.filter((word) => !TRIALS.some(({ name }) => name === word)),
      ...engines.filter((word) => !ENGINE_NAMES.some((name) => name === word)),
    ];
    if (strangers.length > 0)
      return `There is no ${strangers.join(', ')}: trials are ${TRIALS.map(({ name }) => name).join(', ')}`;
    const isShort = values.short ?? false;
    const runs = TRIALS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)).flatMap((trial) =>
      (isShort && engines.length === 0 ? trial.short : trial.engines)
        .filter((engine) => engines.length === 0 || engines.includes(engine))
        .map((engine) => ({ trial, engine })),
    );
    return { runs, isShort };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// What a trial that was given up still waits for must not keep us.
process.exit(await main(process.argv.slice(2)));
