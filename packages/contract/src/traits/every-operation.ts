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
  });
}
