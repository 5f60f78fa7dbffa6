import { EVERY, type Tx } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { job } from '../support/rows.js';
import { set, whileHeld } from '../support/under-test.js';
import type { DriverUnderTest } from './driver-under-test.js';

/** A lock that is no more than a look: what others do meanwhile is found when the row is changed, or at the commit. */
export function testLockAtCommit<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const notes = async () => (await cluster.read()).jobs.map(({ note }) => note);
  /** Locks two rows, lets others act, and changes one of the two. */
  const changeSecond = async (tx: Tx, meanwhile: () => Promise<unknown>) => {
    const { rows, held } = await tx.lock(of.jobs, of.keys('jobs', 1, 2), { columns: [] }, EVERY);
    expect(of.idsOf(rows).sort()).toEqual(['1', '2']);
    expect(held).toEqual([]);
    await meanwhile();
    const second = rows.filter((row) => of.idOf(row) === '2');
    await tx.update(of.jobs, { rows: second, set: { note: { value: 'ours' } }, guard: EVERY, columns: [] });
  };

  test('leaves no row that others hold, and whoever changes one ends in a CONFLICT and has written nothing', async () => {
    await cluster.seed({ jobs: [job(1), job(2)] });
    await whileHeld(cluster, [['jobs', '2']], () => of.expectConflict((tx) => changeSecond(tx, async () => undefined)));
    expect(await notes()).toEqual(['alice', 'alice']);
  });

  test('ends in a CONFLICT where others have changed a row since it was locked', async () => {
    await cluster.seed({ jobs: [job(1), job(2)] });
    await of.expectConflict((tx) => changeSecond(tx, () => cluster.act(set('jobs', 2, { note: 'theirs' }))));
    expect(await notes()).toEqual(['alice', 'theirs']);
  });

  if (cluster.capabilities.readFence) {
    test('ends in a CONFLICT where others have changed a row whose fence was raised, and which is not changed', async () => {
      await cluster.seed({ jobs: [job(1)] });
      await of.expectConflict(async (tx) => {
        const rows = await of.rows(tx, 'jobs', 1);
        await cluster.act(set('jobs', 1, { note: 'theirs' }));
        const fence = tx.abilities.fence ?? '';
        await tx.update(of.jobs, { rows, set: { [fence]: { increment: 1 } }, guard: EVERY, columns: [] });
      });
      expect(await notes()).toEqual(['theirs']);
    });
  }
}
