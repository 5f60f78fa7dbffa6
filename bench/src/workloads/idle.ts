import type { Contender } from '../contender.js';
import { withContenders } from '../contenders.js';
import { HISTORY, LIVE } from '../facts.js';
import { interleaved, milliseconds, ofSize, sized, type Take } from '../interleaved.js';
import type { Finding } from '../results/result.js';
import type { Measure, Stage } from '../stage.js';
import { tablesOf } from '../tables/tables.js';

/** Passes that find nothing, of which one alone is too short to be measured. */
const LOOKS = 20;

/** Parts of the rows: from a thousand to a million where nothing else is said, and to ten million in the long run. */
const SIZES = { usual: [1 / 30, 1, 30], long: [1 / 100, 1, 10, 100] } as const;

/** One pass of all four strategies that finds nothing, beside finished jobs and so many live ones for each row. */
export const idle = (workload: string, livePart: number): Measure =>
  async function* (stage) {
    const sizes = SIZES[stage.isLong ? 'long' : 'usual'].map((part) => Math.ceil(stage.rows * part));
    const live = stage.rows * livePart;
    yield* withSizes(stage, sizes, live, new Map(), async function* (takes) {
      const rounds = await interleaved(stage.rounds, takes);
      for (const finished of sizes)
        yield { workload, rows: finished, unit: 'ms', rounds: rounds.map((round) => ofSize(round, finished)) };
    });
  };

/** Opens everybody on a database of each size, so that sizes are compared round by round. */
async function* withSizes(
  stage: Stage,
  [finished, ...others]: readonly number[],
  live: number,
  takes: Map<string, Take>,
  work: (takes: ReadonlyMap<string, Take>) => AsyncIterable<Finding>,
): AsyncGenerator<Finding> {
  if (finished === undefined) {
    yield* work(takes);
    return;
  }
  const url = await stage.database();
  await tablesOf(url).make(
    [
      [HISTORY, finished],
      [LIVE, live],
    ],
    new Date(),
  );
  yield* withContenders(stage, { url, hasLogs: false }, async function* (contenders) {
    for (const [who, contender] of contenders) takes.set(sized(who, finished), () => looks(contender));
    yield* withSizes(stage, others, live, takes, work);
  });
}

async function looks(contender: Contender): Promise<number> {
  const ms = await milliseconds(async () => {
    for (let look = 0; look < LOOKS; look += 1) await contender.look();
  });
  return ms / LOOKS;
}
