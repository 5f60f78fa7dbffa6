import { describe, expect, test } from 'vitest';
import type { Change, Value } from '../cluster.js';
import { type ClusterUnderTest, set } from '../support/under-test.js';
import { operations } from './operations.js';
import { readBack, seed } from './snapshot.js';

/** A worker's duty: end only the run that was handed to you. */
const finish = (startTime: Value): Change => ({
  table: 'jobs',
  where: { id: '1', state: 'RUNNING', startTime },
  set: { state: 'COMPLETED', endTime: 'now' },
});
const START_AGAIN = set('jobs', 1, { state: 'RUNNING', startTime: 'now', endTime: null });

const repairs = operations.filter(({ name }) => name === 'markJobsAsFailed' || name === 'cleanupStaleReservations');

export function describeWorkerDuty<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  describe.each(repairs)('a worker that comes back after $name', ({ tables, read }) => {
    test.each([
      ['its run is over', []],
      ['its run is over, also when the job runs again', [START_AGAIN]],
    ])('finds that %s', async (_what, meanwhile) => {
      await seed(cluster, tables);
      const startTime = (await cluster.read()).jobs[0]?.startTime ?? null;
      const { repository, transaction } = cluster.store();

      await transaction(async (session) => {
        await (await read(repository, session))(session);
      });
      await cluster.act(...meanwhile);
      const before = await readBack(cluster);
      await cluster.act(finish(startTime));

      expect(await readBack(cluster)).toEqual(before);
    });
  });
}
