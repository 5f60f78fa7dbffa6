import { describe, expect, test } from 'vitest';
import { allocation, job } from '../support/rows.js';
import type { ClusterUnderTest } from '../support/under-test.js';

const LONG_AGO = '2020-02-03T04:05:06.000000Z';

/** What the subject says of itself, which decides what the suite asks of it, is what the store says. */
export function describeCapabilities<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { transactions, skipsLocked, readFence, mapping, filters } = cluster.capabilities;

  describe('the store', () => {
    test('says of itself what the suite was told', () => {
      expect(cluster.store().capabilities).toMatchObject({ transactions, skipsLocked, readFence });
    });

    test(`offers ${mapping === false ? 'no mapping, and refuses one' : 'all four strategies'}`, () => {
      if (mapping === false) {
        const open = () => cluster.store({ schema: { jobs: { table: 'tasks' } } });
        expect(open).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
      } else {
        expect(cluster.store().capabilities.strategies).toHaveLength(4);
      }
    });

    test(filters ? 'takes filters' : 'refuses filters', () => {
      const open = () => cluster.store({ filters: { scope: { tenant: 7 } } });
      if (filters) expect(open).not.toThrow();
      else expect(open).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    });

    test('finds nothing wrong with the tables of the suite', async () => {
      await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 1)] });
      expect(await cluster.store().inspect.schema()).toEqual([]);
    });

    test(`${transactions ? 'undoes' : 'cannot undo'} what was written in a transaction that fails`, async () => {
      await cluster.seed({ jobs: [job(1, { startTime: LONG_AGO })] });
      const { repository, transaction } = cluster.store();
      const failing = transaction(async (session) => {
        const jobs = await repository.getStuckJobs(session, 48);
        expect(await repository.markJobsAsFailed(session, jobs, 'x')).toHaveLength(1);
        throw new Error('on purpose');
      });
      await expect(failing).rejects.toThrow('on purpose');
      expect((await cluster.read()).jobs).toMatchObject([{ state: transactions ? 'RUNNING' : 'FAILED' }]);
    });
  });
}
