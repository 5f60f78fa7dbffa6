import { chosenEngines, type EngineServer, startEngine } from '@jobsweep/test-engines';
import { chooseReplays, type Replay } from './arguments.js';
import type { DatabaseName } from './case.js';
import { readCases } from './cases.js';
import { replay } from './replay.js';
import { type Outcome, remarkOn, type Verdict, verdictOnAll } from './verdict.js';

const USAGE = 2;
/** Cases at a time: while one waits for its server another can use the processor. */
const LANES = 2;

/** Replays what the arguments name and gives the exit status: 0 nothing is wrong, 1 not so, 2 wrong usage. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const cases = await readCases();
  const replays = chooseReplays(args, cases);
  if (typeof replays === 'string') {
    console.error(replays);
    return USAGE;
  }
  const available = chosenEngines();
  const possible = replays.filter(({ database }) => available.includes(database));
  const verdicts = await tellAll(possible, signal);
  for (const { of, database } of replays.filter((each) => !possible.includes(each)))
    console.log(`left out by ENGINES: ${of.name} on ${database}`);
  const judged = [...verdicts.values()];
  const right = judged.filter((all) => all.every((verdict) => verdict === 'right')).length;
  console.log(`\n${judged.length} ${judged.length === 1 ? 'case' : 'cases'}, ${right} right`);
  return judged.length > 0 && judged.flat().every(isFine) ? 0 : 1;
}

const isFine = (verdict: Verdict): boolean => verdict === 'right' || verdict === 'not yet';

/** The verdicts on each case, one for each of its databases. */
async function tellAll(replays: readonly Replay[], signal: AbortSignal): Promise<ReadonlyMap<string, Verdict[]>> {
  const names = [...new Set(replays.map(({ database }) => database))];
  const servers = new Map<DatabaseName, EngineServer>();
  const verdicts = new Map<string, Verdict[]>();
  const waiting = [...replays];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      signal.throwIfAborted();
      const { of, database } = next;
      const verdict = await tell(next, servers.get(database)?.url ?? '', signal);
      verdicts.set(of.name, [...(verdicts.get(of.name) ?? []), verdict]);
    }
  };
  try {
    await Promise.all(names.map(async (name) => servers.set(name, await startEngine(name, { signal }))));
    await Promise.all(Array.from({ length: LANES }, lane));
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  }
  return verdicts;
}

/** Replays a case, prints what there is to say, and gives the verdict. */
async function tell({ of, database }: Replay, url: string, signal: AbortSignal): Promise<Verdict> {
  const began = performance.now();
  const outcomes = await replay(of, { database, url, signal }).catch((error: unknown): Outcome[] => {
    signal.throwIfAborted();
    return [{ right: 'can be replayed', problem: error instanceof Error ? error.stack : String(error) }];
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const verdict = verdictOnAll(outcomes);
  const remarks = outcomes.map(remarkOn).filter((remark) => remark !== undefined);
  console.log([`${verdict.padEnd(7)}  ${of.name} on ${database}, ${seconds} s`, ...remarks].join('\n           '));
  return verdict;
}

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => ending.abort());
try {
  process.exitCode = await main(process.argv.slice(2), ending.signal);
} catch (error) {
  console.error(ending.signal.aborted ? 'stopped' : error);
  process.exitCode = ending.signal.aborted ? 130 : 1;
}
