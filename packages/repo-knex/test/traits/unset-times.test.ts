import type { SchemaOptions, TimeColumnOption } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { describeLayout } from '../support/layout.js';
import { allocation, changesOf, idsOf, job, seed } from '../support/rows.js';
import { ago, clock, HOUR, NOW } from '../support/times.js';

type Time = Exclude<TimeColumnOption, string>;

const timesOf = (time: Omit<Time, 'column'>): SchemaOptions => ({
  jobs: { columns: { startTime: { column: 'start_time', ...time }, endTime: { column: 'end_time', ...time } } },
  allocations: {
    columns: {
      allocationTime: { column: 'allocation_time', ...time },
      releasedTime: { column: 'released_time', ...time },
    },
  },
});

const KINDS = [
  { kind: 'epoch seconds', type: 'bigint', time: { codec: 'epochSeconds', unset: [0, -1] }, raws: [0, -1] },
  { kind: 'epoch milliseconds', type: 'bigint', time: { codec: 'epochMillis', unset: [0] }, raws: [0] },
  {
    kind: 'instants',
    type: 'timestamptz',
    time: { codec: 'instant', unset: ['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z'] },
    raws: ['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  },
  {
    kind: 'dates and times without zone',
    type: 'timestamp',
    time: { codec: 'utcDateTime', unset: ['1970-01-01T00:00:00Z'] },
    raws: ['1970-01-01T00:00:00'],
  },
] as const;

describe.each(KINDS)('unset values of $kind', ({ type, time, raws }) => {
  const cluster = useCluster(TABLES.replaceAll('timestamptz', type));
  const open = () => cluster.store({ schema: timesOf(time), clock });
  const finished = { state: 'COMPLETED' };

  test.each(raws.map((raw) => ({ raw })))('are past no limit: $raw', async ({ raw }) => {
    const jobs = [job(1, { start_time: raw }), job(2, { ...finished, end_time: raw }), job(3)];
    const allocations = [allocation(3, 3, { status: 'RESERVED', allocation_time: raw })];
    await seed(cluster.sql, { jobs, allocations });
    const { repository, transaction } = open();
    await transaction(async (trx) => {
      expect(await repository.getStuckJobs(trx, 48)).toEqual([]);
      expect(await repository.getOldJobs(trx, 30)).toEqual([]);
      expect(await repository.getStaleReservations(trx, 10)).toEqual([]);
      expect(await repository.countStaleReservations(trx, 10)).toBe(0);
    });
  });

  test('are read as no time, and hide no leak', async () => {
    const [raw] = raws;
    await seed(cluster.sql, {
      jobs: [job(1, { ...finished, start_time: raw, end_time: raw })],
      allocations: [allocation(1, 1, { allocation_time: raw, released_time: raw })],
    });
    const { repository, transaction } = open();
    const rows = await transaction((trx) => repository.getCompletedJobsWithUnreleasedResources(trx));
    const unset = { allocationTime: null, releasedTime: null, job: { startTime: null, endTime: null } };
    expect(rows).toMatchObject([unset]);
    expect(await transaction((trx) => repository.releaseResourcesForCompletedJobs(trx, rows))).toBe(1);
  });

  test('of a sibling keep a reservation alive, when it is read and when it is written', async () => {
    const [raw] = raws;
    const old = { bigint: 1_000_000_000, timestamptz: ago(HOUR), timestamp: ago(HOUR) }[type];
    await seed(cluster.sql, {
      jobs: [job(1)],
      allocations: [allocation(1, 1, { status: 'RESERVED', allocation_time: old })],
    });
    const { repository, transaction } = open();
    const rows = await transaction((trx) => repository.getStaleReservations(trx, 10));
    expect(idsOf(rows)).toEqual(['1']);
    await seed(cluster.sql, { allocations: [allocation(2, 1, { status: 'RESERVED', allocation_time: raw })] });
    expect(await transaction((trx) => repository.getStaleReservations(trx, 10))).toEqual([]);
    const changes = await changesOf(cluster.sql, () =>
      transaction((trx) => repository.cleanupStaleReservations(trx, rows)),
    );
    expect(changes).toEqual({});
  });
});

describe('tables with unset values otherwise work as any', () => {
  describeLayout('with epoch seconds', {
    tables: TABLES.replaceAll('timestamptz', 'bigint'),
    schema: timesOf({ codec: 'epochSeconds', unset: [0] }),
    time: (iso) => Math.floor(Date.parse(iso) / 1000),
    stepMicros: 1_000_000,
    writtenNow: String(NOW.getTime() / 1000),
  });
});

describe('an unset date without a zone', () => {
  const cluster = useCluster(`${TABLES}
    do $$ begin execute format('alter database %I set timezone = ''Asia/Tokyo''', current_database()); end $$;`);

  test('is in UTC, whatever the zone of the server', async () => {
    await seed(cluster.sql, { jobs: [job(1, { start_time: '1970-01-01T00:00:00Z' })] });
    const { repository, transaction } = cluster.store({ schema: timesOf({ unset: ['1970-01-01'] }), clock });
    expect(await transaction((trx) => repository.getStuckJobs(trx, 48))).toEqual([]);
  });

  test('is in UTC also with a time of day', async () => {
    await seed(cluster.sql, { jobs: [job(1, { start_time: '1970-01-01T00:00:00Z' })] });
    const { repository, transaction } = cluster.store({ schema: timesOf({ unset: ['1970-01-01T00:00:00'] }), clock });
    expect(await transaction((trx) => repository.getStuckJobs(trx, 48))).toEqual([]);
  });
});
