import type { GetOptions, Job } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { describePages } from '../support/paging.js';
import { idsOf, job, seed } from '../support/rows.js';
import { ago, clock, HOUR } from '../support/times.js';

const cluster = useCluster();

const stuckJobs = (options?: GetOptions<Job>, maxAgeHours = 48) => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.getStuckJobs(trx, maxAgeHours, options));
};

const started = (seconds: number, micros = 0) => ({ start_time: ago(seconds, micros) });

describe('getStuckJobs', () => {
  test('returns a running job past the limit with all that the port knows of it', async () => {
    const row = { ...started(49 * HOUR), error_msg: 'slow', exit_code: '1:0' };
    await seed(cluster.sql, { jobs: [job('1', row)] });
    expect(await stuckJobs()).toEqual([
      {
        id: '1',
        name: 'job-1',
        state: 'RUNNING',
        startTime: new Date(ago(49 * HOUR)),
        endTime: null,
        errorMsg: 'slow',
        exitCode: '1:0',
        version: expect.any(Object),
      },
    ]);
  });

  test.each(['PENDING', 'COMPLETED', 'FAILED', 'CANCELLED', 'SUSPENDED', 'running', 'RUNNING ', ''])(
    'passes over a job whose state is "%s"',
    async (state) => {
      await seed(cluster.sql, { jobs: [job(1, { state, ...started(100 * HOUR) })] });
      expect(await stuckJobs()).toEqual([]);
    },
  );

  test('matches a job one microsecond past the limit, and none exactly at it', async () => {
    const jobs = [
      job(1, started(48 * HOUR, 1)),
      job(2, started(48 * HOUR)),
      job(3, started(48 * HOUR, -1)),
      job(4, started(47 * HOUR)),
    ];
    await seed(cluster.sql, { jobs });
    expect(idsOf(await stuckJobs())).toEqual(['1']);
  });

  test('takes the limit it is given, fractions of an hour too', async () => {
    await seed(cluster.sql, { jobs: [job(1, started(0.5 * HOUR, 1)), job(2, started(0.5 * HOUR))] });
    expect(idsOf(await stuckJobs({}, 0.5))).toEqual(['1']);
  });

  test('passes over a job without a start time and one that starts in the future', async () => {
    await seed(cluster.sql, { jobs: [job(1), job(2, started(-100 * HOUR))] });
    expect(await stuckJobs()).toEqual([]);
  });

  test('looks at the start alone, whatever the job holds or says about its end', async () => {
    await seed(cluster.sql, { jobs: [job(1, { ...started(49 * HOUR), end_time: ago(HOUR) })] });
    expect(await stuckJobs()).toMatchObject([{ id: '1', endTime: new Date(ago(HOUR)) }]);
  });

  test('returns the oldest first, and a name that is NULL as an empty one', async () => {
    const jobs = [
      job(1, started(50 * HOUR)),
      job(2, { ...started(60 * HOUR), name: null }),
      job(3, started(55 * HOUR)),
    ];
    await seed(cluster.sql, { jobs });
    const found = await stuckJobs();
    expect(idsOf(found)).toEqual(['2', '3', '1']);
    expect(found[0]?.name).toBe('');
  });

  test("judges by the database's clock when none is given", async () => {
    await cluster.sql.query(
      "insert into jobs values (1, 'a', 'RUNNING', now() - interval '48 hours'), (2, 'b', 'RUNNING', now() - interval '47 hours')",
    );
    const { repository, transaction } = cluster.store();
    expect(idsOf(await transaction((trx) => repository.getStuckJobs(trx, 48)))).toEqual(['1']);
  });

  describePages<Job>({
    seedDue: (ids) => seed(cluster.sql, { jobs: ids.map((id) => job(id, started(49 * HOUR))) }),
    read: stuckJobs,
    settle: async (id) => {
      await cluster.sql.query("update jobs set state = 'COMPLETED' where id = $1", [id]);
    },
  });
});
