import { JobsweepError } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { calls } from '../support/calls.js';
import { changesOf } from '../support/changes.js';
import type { ClusterUnderTest } from '../support/under-test.js';

/** What all operations have in common: their session, their signal, and that a transaction is whole or nothing. */
export function describeEveryOperation<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { transactions } = cluster.capabilities;

  describe.each(calls)('$name', ({ run, rows, isWrite }) => {
    test('refuses what is no open transaction, and writes nothing', async () => {
      await cluster.seed(rows);
      const { repository, transaction } = cluster.store();
      const sessions: unknown[] = [undefined, null, {}];
      if (transactions) sessions.push(await transaction((session) => Promise.resolve(session)));
      const changes = await changesOf(cluster, async () => {
        for (const session of sessions) {
          const called = run(repository, session as Session);
          await expect(called).rejects.toMatchObject({ name: 'JobsweepError', code: 'SESSION_NOT_IN_TRANSACTION' });
        }
      });
      expect(changes).toEqual({});
    });

    test('does nothing once its signal has fired, and carries the reason', async () => {
      await cluster.seed(rows);
      const { repository, transaction } = cluster.store();
      const signal = AbortSignal.abort('enough');
      const changes = await changesOf(cluster, async () => {
        const work = transaction((session) => run(repository, session, { signal }));
        await expect(work).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
      });
      expect(changes).toEqual({});
    });

    if (!isWrite) return;

    test('changes something, unless its transaction fails in the end', async () => {
      await cluster.seed(rows);
      const { repository, transaction } = cluster.store();
      const failing = () =>
        transaction(async (session) => {
          await run(repository, session);
          throw new Error('on purpose');
        }).catch((error: unknown) => expect(error).toMatchObject({ message: 'on purpose' }));
      const undone = await changesOf(cluster, failing);
      const done = await changesOf(cluster, () => transaction((session) => run(repository, session)));
      expect([undone, done].map((changes) => Object.keys(changes).length > 0)).toEqual([!transactions, transactions]);
    });

    test('is refused by a transaction that only reads', async () => {
      await cluster.seed(rows);
      const { repository, transaction } = cluster.store();
      const changes = await changesOf(cluster, () =>
        expect(transaction((session) => run(repository, session), { readOnly: true })).rejects.toThrow(),
      );
      expect(changes).toEqual({});
    });
  });

  describe('a transaction', () => {
    test('does not begin once its signal has fired', async () => {
      const { transaction } = cluster.store();
      const work = vi.fn(() => Promise.resolve());
      const outcome = transaction(work, { signal: AbortSignal.abort('enough') });
      await expect(outcome).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
      expect(work).not.toHaveBeenCalled();
    });

    test('fails when its signal fires before it is committed', async () => {
      const { transaction } = cluster.store();
      const controller = new AbortController();
      const work = () => Promise.resolve(controller.abort('enough'));
      const outcome = transaction(work, { signal: controller.signal });
      await expect(outcome).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    });

    if (!transactions) return;

    const stuck = { id: '1', state: 'RUNNING', startTime: '2020-01-01T00:00:00.000000Z' };
    const conflict = () => new JobsweepError('CONFLICT', 'on purpose');

    test('runs its work again after a conflict, and leaves nothing of the first time', async () => {
      await cluster.seed({ jobs: [stuck] });
      const { repository, transaction } = cluster.store();
      let attempts = 0;
      const marked = await transaction(async (session) => {
        attempts += 1;
        const jobs = await repository.getStuckJobs(session, 48);
        const failed = await repository.markJobsAsFailed(session, jobs, `attempt ${attempts}`);
        if (attempts === 1) throw conflict();
        return failed;
      });
      expect(marked).toMatchObject([{ id: '1', errorMsg: 'attempt 2' }]);
      expect((await cluster.read()).jobs).toMatchObject([{ state: 'FAILED', errorMsg: 'attempt 2' }]);
    });

    test('gives up after the number of attempts that it was given', async () => {
      const { transaction } = cluster.store({ maxAttempts: 2 });
      const work = vi.fn(() => Promise.reject(conflict()));
      await expect(transaction(work)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(work).toHaveBeenCalledTimes(2);
    });

    test('runs its work once when that fails for a reason of its own', async () => {
      const { transaction } = cluster.store();
      const work = vi.fn(() => Promise.reject(new RangeError('on purpose')));
      await expect(transaction(work)).rejects.toThrow(RangeError);
      expect(work).toHaveBeenCalledTimes(1);
    });
  });
}
