import { createDatabase, type EngineName, startEngine } from '@jobsweep/test-engines';
import { mysqlByHand } from './hand/mysql.js';
import { postgresByHand } from './hand/postgres.js';
import { type Adapter, jobsweep } from './jobsweep.js';
import { makeTables } from './tables.js';
import type { Contender, Workload } from './workload.js';

/** How long each contender took, in milliseconds, round by round. */
export interface Measured {
  readonly engine: EngineName;
  readonly version: string;
  readonly workload: Workload;
  readonly rows: number;
  readonly byHand: readonly number[];
  readonly adapters: Readonly<Partial<Record<Adapter, readonly number[]>>>;
}

export interface Plan {
  readonly workloads: readonly Workload[];
  readonly adapters: readonly Adapter[];
  readonly rows: number;
  readonly rounds: number;
}

/** Passes that find nothing in a round, of which one alone is too short to be measured. */
const LOOKS = 20;

/** Measures the workloads on one engine, on a server with fsync, and gives each as soon as it is done. */
export async function* measure(engine: EngineName, plan: Plan): AsyncGenerator<Measured> {
  const server = await startEngine(engine, { durable: true });
  const database = await createDatabase(server.url, { prefix: 'bench' });
  const contenders = new Map<Adapter | 'hand', Contender>();
  try {
    contenders.set('hand', await (engine === 'postgres' ? postgresByHand : mysqlByHand)(database.url));
    for (const adapter of plan.adapters) contenders.set(adapter, await jobsweep(adapter, database.url));
    for (const workload of plan.workloads) {
      const times = await rounds(database.url, workload, plan, contenders);
      const { hand = [], ...adapters } = Object.fromEntries(times) as Partial<Record<Adapter | 'hand', number[]>>;
      yield { engine, version: server.version, workload, rows: plan.rows, byHand: hand, adapters };
    }
  } finally {
    await Promise.all([...contenders.values()].map((contender) => contender.close()));
    await database.drop();
    await server.stop();
  }
}

/** One contender after the other, in another order each time, so that what changes with time hits all alike. */
async function rounds<Name>(
  url: string,
  workload: Workload,
  { rows, rounds }: Plan,
  contenders: ReadonlyMap<Name, Contender>,
): Promise<Map<Name, number[]>> {
  const times = new Map<Name, number[]>([...contenders.keys()].map((name) => [name, []]));
  const order = [...contenders];
  if (workload === 'idle') await makeTables(url, workload, rows);
  // The first round finds connections that are not open and code that has not run yet, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, contender] of order) {
      const ms = workload === 'idle' ? await looks(contender) : await drain(url, workload, rows, contender);
      if (round > 0) times.get(name)?.push(ms);
    }
    order.push(...order.splice(0, 1));
  }
  return times;
}

async function looks(contender: Contender): Promise<number> {
  const started = performance.now();
  for (let look = 0; look < LOOKS; look += 1) await contender.look();
  return (performance.now() - started) / LOOKS;
}

async function drain(url: string, workload: Exclude<Workload, 'idle'>, rows: number, contender: Contender) {
  await makeTables(url, workload, rows);
  const started = performance.now();
  const changed = await contender.drain(workload);
  const ms = performance.now() - started;
  if (changed !== rows) throw new Error(`${workload} changed ${changed} rows of ${rows}`);
  return ms;
}
