import type { FilterOptions, Rule, SchemaOptions, TimeCodec, TimeColumnOption } from '@jobsweep/core';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import { describe, expect, test } from 'vitest';
import { isData, statementsOf } from '../plans/support/statements.js';
import { ago, clock, DAY, HOUR, MINUTE } from '../support/times.js';
import { type InspectedCluster, useCluster } from './support/clusters.js';

const COMPLETED: Rule = { name: 'completed_job_cleanup' };
const STALE: Rule = { name: 'stale_reservation_cleanup', maxAgeMinutes: 10 };
const STUCK: Rule = { name: 'stuck_job_cleanup', maxAgeHours: 48 };
const OLD: Rule = { name: 'old_job_cleanup', maxAgeDays: 30 };
const RULES = [COMPLETED, STALE, STUCK, OLD];

const CODECS: readonly TimeCodec[] = ['instant', 'utcDateTime', 'epochSeconds', 'epochMillis'];
/** A time that means "not set" in the mapped tables. */
const UNSET = '1970-01-02T00:00:00.000000Z';
const UNSET_MILLIS = Date.parse(UNSET);

/** Tables whose times are all in one codec, with a value besides NULL that means "not set". */
function timesOf(codec: TimeCodec): SchemaOptions {
  const unset = codec === 'epochSeconds' ? UNSET_MILLIS / 1000 : codec === 'epochMillis' ? UNSET_MILLIS : UNSET;
  const time = (column: string): TimeColumnOption => ({ column, codec, unset: [unset] });
  return {
    jobs: { columns: { startTime: time('began'), endTime: time('ended') } },
    allocations: { columns: { allocationTime: time('since'), releasedTime: time('until') } },
  };
}

/** Rows that are due by each rule, exactly at each threshold, undated, and healthy. */
async function seedAll(cluster: InspectedCluster): Promise<void> {
  const running = (id: number, startTime: string | null, more = {}) => ({
    id: `${id}`,
    state: 'RUNNING',
    startTime,
    ...more,
  });
  const ended = (id: number, endTime: string | null, state = 'COMPLETED') => ({ id: `${id}`, state, endTime });
  await cluster.seed({
    jobs: [
      running(1, ago(50 * HOUR)),
      running(2, ago(48 * HOUR)),
      running(3, null),
      running(4, UNSET),
      running(5, ago(HOUR)),
      running(6, ago(HOUR)),
      running(7, ago(HOUR)),
      ended(11, ago(40 * DAY)),
      ended(12, ago(31 * DAY), 'FAILED'),
      ended(13, ago(30 * DAY)),
      ended(14, null, 'CANCELLED'),
      ended(15, UNSET),
      ended(16, ago(HOUR)),
      { id: '17', state: 'PENDING' },
      { id: '18', state: 'HELD', endTime: ago(90 * DAY), startTime: ago(90 * DAY) },
    ],
    allocations: [
      { id: '1', jobId: '5', status: 'RESERVED', allocationTime: ago(20 * MINUTE) },
      { id: '2', jobId: '6', status: 'RESERVED', allocationTime: ago(10 * MINUTE) },
      { id: '3', jobId: '3', status: 'RESERVED', allocationTime: null },
      { id: '4', jobId: '4', status: 'RESERVED', allocationTime: UNSET },
      // A sibling that is alive keeps its job alive.
      { id: '5', jobId: '7', status: 'RESERVED', allocationTime: ago(30 * MINUTE) },
      { id: '6', jobId: '7', status: 'ALLOCATED', allocationTime: ago(30 * MINUTE) },
      { id: '11', jobId: '11', status: 'RELEASED' },
      { id: '12', jobId: '14', status: 'ALLOCATED' },
      { id: '13', jobId: '16', status: 'RESERVED', allocationTime: ago(2 * HOUR) },
      { id: '14', jobId: '17', status: 'RESERVED', allocationTime: ago(2 * HOUR) },
      { id: '15', jobId: '18', status: 'LEASED', allocationTime: ago(2 * HOUR) },
    ],
  });
}

describe.each(enginesOfRun())('inspect.totals on %s', (engine) => {
  describe.each(CODECS)('with times as %s', (codec) => {
    const cluster = useCluster(engine, { schema: timesOf(codec) });

    test('tells what is due, of how many, how old, and what no age can ever make due', async () => {
      await seedAll(cluster);
      const { totals } = cluster.store({ clock }).inspect;
      expect(await totals(COMPLETED)).toEqual({ due: 2, population: 9, oldestAgeSeconds: HOUR, undated: 0 });
      expect(await totals(STALE)).toEqual({ due: 1, population: 7, oldestAgeSeconds: 20 * MINUTE, undated: 2 });
      expect(await totals(STUCK)).toEqual({ due: 1, population: 7, oldestAgeSeconds: 50 * HOUR, undated: 2 });
      expect(await totals(OLD)).toEqual({ due: 2, population: 6, oldestAgeSeconds: 40 * DAY, undated: 2 });
    });

    test("counts ages by the server's clock", async () => {
      const started = new Date(Date.parse(await cluster.now()) - 50 * HOUR * 1000);
      await cluster.seed({
        jobs: [{ id: '1', state: 'RUNNING', startTime: started.toISOString().replace('Z', '000Z') }],
      });
      const { oldestAgeSeconds } = await cluster.store().inspect.totals(STUCK);
      const age = (Date.parse(await cluster.now()) - started.getTime()) / 1000;
      expect(oldestAgeSeconds).toBeGreaterThanOrEqual(50 * HOUR - 1);
      expect(oldestAgeSeconds).toBeLessThanOrEqual(age + 1);
    });
  });

  describe('with the default tables', () => {
    const cluster = useCluster(engine);
    const totalsOf = (rule: Rule, filters?: FilterOptions, atMost?: number) => {
      const store = cluster.store({ clock, ...(filters && { filters }) });
      return store.inspect.totals(rule, { ...(atMost !== undefined && { atMost }) });
    };

    test('is zero of zero on empty tables', async () => {
      for (const rule of RULES) {
        expect(await totalsOf(rule)).toEqual({ due: 0, population: 0, oldestAgeSeconds: null, undated: 0 });
      }
    });

    test('stops each count at `atMost`, and still finds the oldest', async () => {
      const times = [3, 4, 5].map((days) => ago(days * DAY));
      await cluster.seed({
        jobs: [
          ...times.map((startTime, index) => ({ id: `${index + 1}`, state: 'RUNNING', startTime })),
          ...['7', '8', '9'].map((id) => ({ id, state: 'RUNNING' })),
        ],
      });
      expect(await totalsOf(STUCK, undefined, 2)).toEqual({
        due: 2,
        population: 2,
        oldestAgeSeconds: 5 * DAY,
        undated: 2,
      });
    });

    test('has no age of what is due and has no time, and no age below zero', async () => {
      await cluster.seed({
        jobs: [{ id: '1', state: 'COMPLETED' }],
        allocations: [{ id: '1', jobId: '1', status: 'ALLOCATED' }],
      });
      expect(await totalsOf(COMPLETED)).toMatchObject({ due: 1, oldestAgeSeconds: null });
      await cluster.seed({
        jobs: [{ id: '2', state: 'COMPLETED', endTime: ago(-HOUR) }],
        allocations: [{ id: '2', jobId: '2', status: 'ALLOCATED' }],
      });
      expect(await totalsOf(COMPLETED)).toMatchObject({ due: 2, oldestAgeSeconds: 0 });
    });

    test('looks at nothing that the filters keep out, in any of its numbers', async () => {
      const jobs = (tenant: string, from: number) => [
        {
          id: `${from}`,
          tenant,
          name: 'crawl',
          state: 'RUNNING',
          startTime: ago(50 * HOUR),
          heartbeat: ago(50 * HOUR),
        },
        {
          id: `${from + 1}`,
          tenant,
          name: 'report',
          state: 'RUNNING',
          startTime: ago(60 * HOUR),
          heartbeat: ago(60 * HOUR),
        },
        { id: `${from + 2}`, tenant, name: 'sync', state: 'RUNNING', startTime: ago(70 * HOUR) },
        { id: `${from + 3}`, tenant, name: 'pinned', state: 'RUNNING', startTime: ago(80 * HOUR), pinned: 'true' },
        { id: `${from + 4}`, tenant, name: 'crawl', state: 'FAILED', endTime: ago(40 * DAY) },
      ];
      const held = (from: number) => [
        { id: `${from}`, jobId: `${from}`, status: 'RESERVED', allocationTime: ago(HOUR) },
        { id: `${from + 2}`, jobId: `${from + 2}`, status: 'RESERVED' },
        { id: `${from + 3}`, jobId: `${from + 3}`, status: 'RESERVED', allocationTime: ago(HOUR) },
        { id: `${from + 4}`, jobId: `${from + 4}`, status: 'ALLOCATED' },
      ];
      await cluster.seed({
        jobs: [...jobs('7', 10), ...jobs('8', 20)],
        allocations: [...held(10), ...held(20)],
      });
      const filters: FilterOptions = {
        scope: { tenant: 7 },
        exclude: { pinned: true },
        limitFor: { stuckHours: { report: 100 } },
        ageColumn: 'heartbeat',
        retentionDays: { FAILED: 50 },
      };
      expect(await totalsOf(STUCK, filters)).toEqual({
        due: 2,
        population: 3,
        // One without a heartbeat is as old as its start.
        oldestAgeSeconds: 70 * HOUR,
        undated: 0,
      });
      expect(await totalsOf(STALE, filters)).toEqual({ due: 1, population: 3, oldestAgeSeconds: HOUR, undated: 1 });
      expect(await totalsOf(COMPLETED, filters)).toEqual({
        due: 1,
        population: 3,
        oldestAgeSeconds: 40 * DAY,
        undated: 0,
      });
      expect(await totalsOf(OLD, filters)).toEqual({ due: 0, population: 1, oldestAgeSeconds: null, undated: 0 });
    });

    test('asks one statement, so that its numbers are of one moment', async () => {
      for (const rule of RULES) {
        const sent = await statementsOf(cluster.knex, () => cluster.store().inspect.totals(rule));
        expect(sent.filter((statement) => isData(statement) && /jobs/.test(statement.sql))).toHaveLength(1);
      }
    });

    test('refuses bounds and ages that are none, and stops with its signal', async () => {
      const { totals } = cluster.store().inspect;
      for (const atMost of [0, 1.5, 10_000_001]) {
        await expect(totals(STUCK, { atMost })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      }
      await expect(totals({ name: 'stuck_job_cleanup', maxAgeHours: -1 })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('maxAgeHours'),
      });
      await expect(totals(STUCK, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    });

    test('needs the allocations table for the rules that look at it', async () => {
      const { totals } = cluster.store({ schema: { allocations: null } }).inspect;
      await expect(totals(COMPLETED)).rejects.toMatchObject({ code: 'UNSUPPORTED_SCHEMA' });
      expect(await totals(STUCK)).toMatchObject({ due: 0 });
    });
  });
});
