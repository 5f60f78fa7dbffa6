import type { SchemaOptions, TimeCodec } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { describeLayout } from '../support/layout.js';
import { idsOf, insert, job } from '../support/rows.js';
import { ago, HOUR, NOW } from '../support/times.js';

const timesOf = (codec: TimeCodec): SchemaOptions => ({
  jobs: { columns: { startTime: { column: 'start_time', codec }, endTime: { column: 'end_time', codec } } },
  allocations: {
    columns: {
      allocationTime: { column: 'allocation_time', codec },
      releasedTime: { column: 'released_time', codec },
    },
  },
});

const timesOfType = (type: string) => TABLES.replaceAll('timestamptz', type);
const seconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);
const NOW_SECONDS = String(NOW.getTime() / 1000);
const NOW_MILLIS = String(NOW.getTime());

describe('times', () => {
  describeLayout('as timestamps that keep whole seconds', {
    tables: timesOfType('timestamptz(0)'),
    stepMicros: 1_000_000,
  });

  describe.each(['integer', 'numeric'])('as epoch seconds in a column of type %s', (type) => {
    describeLayout('on every table', {
      tables: timesOfType(type),
      schema: timesOf('epochSeconds'),
      time: seconds,
      stepMicros: 1_000_000,
      writtenNow: NOW_SECONDS,
    });
  });

  describe.each(['numeric'])('as epoch milliseconds in a column of type %s', (type) => {
    describeLayout('on every table', {
      tables: timesOfType(type),
      schema: timesOf('epochMillis'),
      time: (iso) => Date.parse(iso),
      stepMicros: 1000,
      writtenNow: NOW_MILLIS,
    });
  });
});

describe('epoch seconds', () => {
  const cluster = useCluster(timesOfType('bigint'));
  const stuckAt = (now: Date) => {
    const { repository, transaction } = cluster.store({ schema: timesOf('epochSeconds'), clock: { now: () => now } });
    return transaction((trx) => repository.getStuckJobs(trx, 48));
  };

  test('are past a limit that lies within their second, and not past one at its beginning', async () => {
    const start = seconds(ago(48 * HOUR));
    await insert(cluster.sql, 'jobs', [job(1, { start_time: start })]);
    expect(idsOf(await stuckAt(NOW))).toEqual([]);
    expect(idsOf(await stuckAt(new Date(NOW.getTime() + 1)))).toEqual(['1']);
  });

  test('are written rounded down, never into the future', async () => {
    await insert(cluster.sql, 'jobs', [job(1, { start_time: seconds(ago(100 * HOUR)) })]);
    const now = new Date(NOW.getTime() + 999);
    const { repository, transaction } = cluster.store({ schema: timesOf('epochSeconds'), clock: { now: () => now } });
    const jobs = await stuckAt(now);
    await transaction((trx) => repository.markJobsAsFailed(trx, jobs, 'too long'));
    const { rows } = await cluster.sql.query('select end_time from jobs');
    expect(rows).toEqual([{ end_time: NOW_SECONDS }]);
  });

  test('before 1970 are past every limit', async () => {
    await insert(cluster.sql, 'jobs', [job(1, { start_time: -1 })]);
    expect(await stuckAt(NOW)).toMatchObject([{ startTime: new Date(-1000) }]);
  });
});
