import { chosenEngines, EngineError, type EngineServer, startEngine } from '@jobsweep/test-engines';
import { chooseReplays, type Replay } from './arguments.js';
import type { DatabaseName } from './case.js';
import { readCases } from './cases.js';
import { replay } from './replay.js';
import { remarkOn, type Verdict, verdictOnAll } from './verdict.js';

const USAGE = 2;

/** Replays what the arguments name and gives the exit status: 0 nothing is wrong, 1 not so, 2 wrong usage. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const cases = await readCases();
  const replays = chooseReplays(args, cases, chosenEngines());
  const servers = await startServers(replays, signal);
  const verdicts = new Map<string, Verdict[]>();
  try {
    for (const each of replays) {
      const { of, database } = each;
      const verdict = await tell(each, servers.get(database)?.url ?? '', signal);
      verdicts.set(of.name, [...(verdicts.get(of.name) ?? []), verdict]);
    }
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  }
  const ofCases = [...verdicts.values()];
  const left = cases.filter(({ name }) => args.length === 0 && !verdicts.has(name));
  if (left.length > 0) console.log(`Left out by ENGINES: ${left.map(({ name }) => name).join(', ')}`);
  const right = ofCases.filter((all) => all.every((verdict) => verdict === 'right')).length;
  console.log(`\n${ofCases.length} cases, ${right} right`);
  const isFine = ofCases.flat().every((verdict) => verdict === 'right' || verdict === 'not yet');
  return isFine && ofCases.length > 0 ? 0 : 1;
}

/** The servers that the replays need. */
async function startServers(replays: readonly Replay[], signal: AbortSignal): Promise<Map<DatabaseName, EngineServer>> {
  const names = [...new Set(replays.map(({ database }) => database))];
  return new Map(await Promise.all(names.map(async (name) => [name, await startEngine(name, { signal })] as const)));
}

/** Replays a case, prints what there is to say, and gives the verdict. */
async function tell({ of, database }: Replay, url: string, signal: AbortSignal): Promise<Verdict> {
  const began = performance.now();
  const outcomes = await replay(of, { database, url, signal });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const verdict = verdictOnAll(outcomes);
  console.log(`${verdict.padEnd(7)}  ${of.name} on ${database}, ${seconds} s`);
  for (const remark of outcomes.map(remarkOn)) if (remark !== undefined) console.log(`           ${remark}`);
  return verdict;
}

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => ending.abort());
try {
  process.exitCode = await main(process.argv.slice(2), ending.signal);
} catch (error) {
  // A case that could not be replayed at all has its whole error.
  console.error(error instanceof TypeError || error instanceof EngineError ? error.message : error);
  process.exitCode = ending.signal.aborted ? 130 : error instanceof TypeError ? USAGE : 1;
}
