import type { SchemaOptions } from '@jobsweep/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { describeLayout } from '../support/layout.js';
import { idsOf, job, seed } from '../support/rows.js';

/** Two days after New York's clocks went forward, and two days after they went back. */
const CHANGES = [
  { what: 'an hour was left out', now: new Date('2026-03-10T05:30:00.000Z'), written: '2026-03-10T05:30:00' },
  { what: 'an hour came twice', now: new Date('2026-11-03T05:30:00.000Z'), written: '2026-11-03T05:30:00' },
];

/** Every connection that is opened from now on is in this zone. */
const inZone = (zone: string) =>
  `do $$ begin execute format('alter database %I set timezone = %L', current_database(), '${zone}'); end $$;`;

const withoutZone: SchemaOptions = {
  jobs: {
    columns: {
      startTime: { column: 'start_time', codec: 'utcDateTime' },
      endTime: { column: 'end_time', codec: 'utcDateTime' },
    },
  },
  allocations: {
    columns: {
      allocationTime: { column: 'allocation_time', codec: 'utcDateTime' },
      releasedTime: { column: 'released_time', codec: 'utcDateTime' },
    },
  },
};

function describeZoned(server: string): void {
  describe.each(CHANGES)('$what', ({ now, written }) => {
    describeLayout('with instants', { tables: TABLES + inZone(server), now, writtenNow: `${written}+00:00` });

    describeLayout('with times in UTC without zone', {
      tables: TABLES.replaceAll('timestamptz', 'timestamp') + inZone(server),
      schema: withoutZone,
      now,
      writtenNow: written,
    });
  });
}

describe('on a server in New York, after', () => {
  describeZoned('America/New_York');

  const cluster = useCluster(TABLES + inZone('America/New_York'));

  test('its own clock, 48 hours are 48 hours', async () => {
    const jobs = "insert into jobs select n, '', 'RUNNING', now() - make_interval(secs => n) from unnest($1::int[]) n";
    await cluster.sql.query(jobs, [[172_799 - 60, 172_801]]);
    expect((await cluster.knex.raw<{ rows: unknown[] }>('show timezone')).rows).toEqual([
      { TimeZone: 'America/New_York' },
    ]);
    const { repository, transaction } = cluster.store();
    expect(idsOf(await transaction((trx) => repository.getStuckJobs(trx, 48)))).toEqual(['172801']);
  });
});

describe('in a process in New York, after', () => {
  beforeAll(() => {
    vi.stubEnv('TZ', 'America/New_York');
    expect(new Date('2026-01-01T00:00:00Z').getHours()).toBe(19);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  describeZoned('UTC');

  const cluster = useCluster(TABLES.replaceAll('timestamptz', 'timestamp'));

  test('an hour that its own clock does not know, times are read and written as they are', async () => {
    await seed(cluster.sql, { jobs: [job(1, { start_time: '2026-03-08T02:30:00' })] });
    const now = new Date('2026-03-29T01:30:00.000Z');
    const { repository, transaction } = cluster.store({ schema: withoutZone, clock: { now: () => now } });
    const failed = await transaction(async (trx) => {
      const jobs = await repository.getStuckJobs(trx, 48);
      return repository.markJobsAsFailed(trx, jobs, 'too long');
    });
    expect(failed).toMatchObject([{ startTime: new Date('2026-03-08T02:30:00Z'), endTime: now }]);
    const { rows } = await cluster.sql.query('select start_time::text, end_time::text from jobs');
    expect(rows).toEqual([{ start_time: '2026-03-08 02:30:00', end_time: '2026-03-29 01:30:00' }]);
  });
});
