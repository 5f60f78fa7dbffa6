import { setTimeout as delay } from 'node:timers/promises';
import { createRunner } from '@jobsweep/runner';
import { connectPlain, type Plain, poll } from '@jobsweep/test-engines';
import { contentOf, MASS } from '../facts.js';
import { type Adapter, onStore } from '../jobsweep.js';
import { type Latencies, latenciesOf, pick } from '../latencies.js';
import type { Measure, Stage } from '../stage.js';
import { tablesOf } from '../tables/tables.js';

/** Somewhat longer than the interval of the strategy, with its jitter. */
const LEAKING_MS = 6000;
const LEAK_EVERY_MS = 50;
const HEALED_WITHIN_MS = 60_000;

/** How long a leak lasts: a job ends and keeps its allocation while a runner runs with its defaults. */
export const heal: Measure = async function* (stage) {
  const patients: { readonly adapter: Adapter; readonly patient: Patient }[] = [];
  try {
    for (const adapter of stage.adapters) patients.push({ adapter, patient: await Patient.open(stage, adapter) });
    const rounds: Record<string, Latencies>[] = [];
    for (let round = 0; round < stage.rounds; round += 1) {
      const healed = patients.map(async ({ adapter, patient }) => [adapter, await patient.leak()] as const);
      rounds.push(Object.fromEntries(await Promise.all(healed)));
    }
    yield { workload: 'heal', rows: stage.rows, unit: 's, p99', rounds: pick(rounds, ({ p99 }) => p99) };
    yield { workload: 'heal-half', rows: stage.rows, unit: 's, p50', rounds: pick(rounds, ({ p50 }) => p50) };
  } finally {
    for (const { patient } of patients) await patient.close();
  }
};

/** A database with a runner of its own. */
class Patient {
  /** Ids that nobody else has. */
  private next = 1e9;

  private constructor(
    private readonly sql: Plain,
    private readonly isMysql: boolean,
    readonly close: () => Promise<void>,
  ) {}

  static async open(stage: Stage, adapter: Adapter): Promise<Patient> {
    const url = await stage.database();
    await tablesOf(url).make(contentOf(MASS.purge.due, stage.rows), new Date());
    const sql = await connectPlain(url);
    const stop = await onStore(adapter, { url, hasLogs: false }, async (opened) => {
      const { store } = opened;
      await store.ownTables.create();
      const runner = createRunner({ store });
      await runner.start();
      return async () => {
        await runner.stop();
        await opened.close();
      };
    });
    return new Patient(sql, url.startsWith('mysql:'), async () => {
      await stop();
      await sql.close();
    });
  }

  /** Leaks for a while, waits until all is healed, and gives the seconds between, by the server's clock. */
  async leak(): Promise<Latencies> {
    const { sql, next: first } = this;
    for (const end = performance.now() + LEAKING_MS; performance.now() < end; await delay(LEAK_EVERY_MS)) {
      const id = this.next++;
      await sql.query(`insert into jobs (id, name, state, start_time, end_time)
        values (${id}, 'leaky', 'COMPLETED', ${sql.now}, ${sql.now})`);
      await sql.query(`insert into resource_allocations (id, job_id, status, allocation_time)
        values (${id}, ${id}, 'ALLOCATED', ${sql.now})`);
    }
    const seconds = this.isMysql
      ? 'timestampdiff(microsecond, allocation_time, released_time) / 1e6'
      : 'extract(epoch from released_time - allocation_time)';
    const found = async () => {
      const rows = await sql.query(`select ${seconds} as seconds from resource_allocations where id >= ${first}`);
      return rows.some((row) => row.seconds === null) ? undefined : rows.map((row) => Number(row.seconds));
    };
    const healed = await poll(found, { timeoutMs: HEALED_WITHIN_MS });
    if (healed === undefined) throw new Error('Leaks were not healed within a minute');
    return latenciesOf(healed);
  }
}
