import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { operations } from './support/operations.js';
import { readBack, seed } from './support/snapshot.js';

const cluster = useCluster();

/** A worker's duty: end only the run that was handed to you. */
const FINISH = `update jobs set state = 'COMPLETED', end_time = now()
  where id = 1 and state = 'RUNNING' and start_time = $1::timestamptz`;
const START_AGAIN = "update jobs set state = 'RUNNING', start_time = now(), end_time = null where id = 1";

const repairs = operations.filter(({ name }) => name === 'markJobsAsFailed' || name === 'cleanupStaleReservations');

describe.each(repairs)('A worker that comes back after $name', ({ tables, read }) => {
  test.each([
    ['its run is over', 'select'],
    ['its run is over, also when the job runs again', START_AGAIN],
  ])('finds that %s', async (_what, meanwhile) => {
    await seed(cluster.sql, tables);
    const { rows } = await cluster.sql.query<{ start: string }>(
      'select start_time::text as start from jobs where id = 1',
    );
    const { repository, transaction } = cluster.store();

    await transaction(async (session) => {
      await (await read(repository, session))();
    });
    await cluster.other.query(meanwhile);
    const before = await readBack(cluster.sql);
    const finished = await cluster.other.query(FINISH, [rows[0]?.start]);

    expect(finished.rowCount).toBe(0);
    expect(await readBack(cluster.sql)).toEqual(before);
  });
});
