import { type Job, runPass, StuckJobCleanupStrategy } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { idsOf, job } from '../support/rows.js';
import { clock, DAY, HOUR, NOW } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';

/** What a host does in the session of a repair is a part of it. */
export function describeHooks<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;
  const recently = new Date(NOW.getTime() - HOUR * 1000);

  describe('what a host writes within the transaction of a repair', () => {
    test('is committed with it or not at all', async () => {
      const running = (ids: readonly number[], seconds: number) =>
        ids.map((id) => job(id, { state: 'RUNNING', startTime: ago(seconds) }));
      await cluster.seed({ jobs: [...running([1, 2, 3], 3 * DAY), ...running([11, 12, 13], HOUR)] });
      const store = cluster.store({ clock });
      const { repository } = store;
      const nobody = { name: '', endTime: null, errorMsg: null, exitCode: null };
      // For each job that is stuck the host fails another one, which no rule asks for.
      const within = async (session: Session, rows: readonly Job[]) => {
        const others = rows.map(
          ({ id }) => ({ ...nobody, id: `1${id}`, state: 'RUNNING', startTime: recently }) as const,
        );
        await repository.markJobsAsFailed(session, others, 'by the host', '9:0');
        if (idsOf(rows).includes('2')) throw new Error('not this one');
      };
      const result = await runPass(store, new StuckJobCleanupStrategy(repository, { within }));
      expect(result).toMatchObject({ stopReason: 'blocked', itemsCleaned: 2 });
      expect(result.blocked).toMatchObject([{ id: '2', code: 'HOOK_FAILED' }]);

      const { jobs } = await cluster.read();
      const failed = jobs.filter(({ state }) => state === 'FAILED').map(({ id }) => Number(id));
      expect(failed.sort((one, other) => one - other)).toEqual([1, 3, 11, 13]);
    });
  });
}
