import type { SchemaOptions, TimeColumnOption } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { job, seed } from '../support/rows.js';
import { clock } from '../support/times.js';

const startTimeOf = (time: Omit<Exclude<TimeColumnOption, string>, 'column'>): SchemaOptions => ({
  jobs: { columns: { startTime: { column: 'start_time', ...time } } },
});

describe('an unset date without a zone', () => {
  const cluster = useCluster(`${TABLES}
    do $$ begin execute format('alter database %I set timezone = ''Asia/Tokyo''', current_database()); end $$;`);

  test('is in UTC, whatever the zone of the server', async () => {
    await seed(cluster.sql, { jobs: [job(1, { start_time: '1970-01-01T00:00:00Z' })] });
    const { repository, transaction } = cluster.store({ schema: startTimeOf({ unset: ['1970-01-01'] }), clock });
    expect(await transaction((trx) => repository.getStuckJobs(trx, 48))).toEqual([]);
  });

  test('is in UTC also with a time of day', async () => {
    await seed(cluster.sql, { jobs: [job(1, { start_time: '1970-01-01T00:00:00Z' })] });
    const { repository, transaction } = cluster.store({
      schema: startTimeOf({ unset: ['1970-01-01T00:00:00'] }),
      clock,
    });
    expect(await transaction((trx) => repository.getStuckJobs(trx, 48))).toEqual([]);
  });
});
