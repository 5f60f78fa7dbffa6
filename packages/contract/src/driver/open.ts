import { JobsweepError } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import type { DriverUnderTest } from './driver-under-test.js';
import { micros } from './driver-under-test.js';

/** `open` and what a transaction is: one that is open, at the right level, with the clock of the database. */
export function describeOpen<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { transactions, skipsLocked } = cluster.capabilities;

  describe('the driver', () => {
    test('is able to do what its subject says', async () => {
      const abilities = await of.reading(async (tx) => tx.abilities);
      expect(abilities.lock).toBe(skipsLocked ? 'beforehand' : 'atCommit');
      expect(abilities.atomic).toBe(transactions);
      if (transactions && !skipsLocked) expect(abilities.fence !== null).toBe(cluster.capabilities.readFence);
    });

    test('hands errors of jobsweep on as they are', () => {
      const error = new JobsweepError('CONFLICT', 'Others were there.');
      expect(of.driver.translate(error)).toBe(error);
    });
  });

  describe('open', () => {
    test.each(['read', 'write'] as const)('to %s refuses a transaction that has ended', async (use) => {
      const ended = await of.driven.transaction(async (session) => ({ session }));
      if (!transactions) return;
      await expect(of.driver.open(ended.session, use)).rejects.toMatchObject({ code: 'SESSION_NOT_IN_TRANSACTION' });
    });

    test.each(['read', 'write'] as const)('to %s refuses what is no session', async (use) => {
      for (const session of [undefined, null, {}, 'BEGIN']) {
        const opening = async () => of.driver.open(session as Session, use);
        await expect(opening()).rejects.toMatchObject({ code: 'SESSION_NOT_IN_TRANSACTION' });
      }
    });

    test('to write refuses a transaction that is not at READ COMMITTED, and to read none', async () => {
      const { driven, driver } = of;
      const levels = driven.isolations ?? [];
      for (const isolation of levels.filter((level) => level !== 'read committed')) {
        const opened = (use: 'read' | 'write') =>
          driven.transaction(async (session) => {
            await driver.open(session, use);
          }, isolation);
        await expect(opened('write'), isolation).rejects.toMatchObject({ code: 'ISOLATION_UNSUPPORTED' });
        await expect(opened('read'), isolation).resolves.toBeUndefined();
      }
      if (!levels.includes('read committed')) return;
      const opened = driven.transaction(async (session) => (await driver.open(session, 'write')).now, 'read committed');
      await expect(opened).resolves.toBeGreaterThan(0n);
    });

    test("looks at the database's clock, however wrong this process's is", async () => {
      const from = await cluster.now();
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01T00:00:00Z') });
      const now = await of.reading(async (tx) => tx.now).finally(() => vi.useRealTimers());
      expect(now).toBeGreaterThanOrEqual(micros(from));
      expect(now).toBeLessThanOrEqual(micros(await cluster.now()));
    });
  });
}
