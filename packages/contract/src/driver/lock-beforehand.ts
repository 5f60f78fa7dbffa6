import { EVERY, isIn } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { otherSide } from '../races/other-side.js';
import { job } from '../support/rows.js';
import { set, whileHeld } from '../support/under-test.js';
import type { DriverUnderTest } from './driver-under-test.js';

/** A lock that leaves what others hold, and keeps them from what it gives. */
export function testLockBeforehand<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const isRunning = () => isIn(of.columns.state, ['RUNNING']);
  const lock = (...ids: readonly number[]) =>
    of.writing((tx) => tx.lock(of.jobs, of.keys('jobs', ...ids), { columns: [of.columns.note] }, isRunning()));

  test('gives rows ascending by key: numbers as numbers', async () => {
    await cluster.seed({ jobs: [100, 9, 10, 2].map((id) => job(id)) });
    expect(of.idsOf((await lock(10, 100, 2, 9)).rows)).toEqual(['2', '9', '10', '100']);
  });

  test('leaves the rows that others hold, names them, and does not wait', async () => {
    await cluster.seed({ jobs: [1, 2, 3].map((id) => job(id)) });
    const { rows, held } = await whileHeld(cluster, [['jobs', '2']], () => lock(1, 2, 3));
    expect(of.idsOf(rows)).toEqual(['1', '3']);
    expect(of.idsOfKeys(held)).toEqual(['2']);
  });

  test('names no row that others hold and that does not meet the condition, and none that is gone', async () => {
    await cluster.seed({ jobs: [job(1, { state: 'FAILED' }), job(2)] });
    const { rows, held } = await whileHeld(cluster, [['jobs', '1']], () => lock(1, 2, 99));
    expect(of.idsOf(rows)).toEqual(['2']);
    expect(held).toEqual([]);
  });

  test('judges a row as it is now, and gives it as it is now', async () => {
    await cluster.seed({ jobs: [1, 2, 3].map((id) => job(id, { note: 'before' })) });
    const { note } = of.columns;
    const locked = await of.writing(async (tx) => {
      await tx.page({ table: of.jobs, where: isRunning(), columns: [note], limit: 9 });
      await cluster.act(set('jobs', 1, { state: 'FAILED' }), set('jobs', 2, { note: 'after' }));
      return tx.lock(of.jobs, of.keys('jobs', 1, 2, 3), { columns: [note] }, isRunning());
    });
    expect(locked.rows.map((row) => of.shownRow(row, 'note'))).toEqual([
      { id: '2', note: 'after' },
      { id: '3', note: 'before' },
    ]);
    expect(locked.held).toEqual([]);
  });

  test('keeps others from changing the rows that it gives until the transaction ends', async () => {
    await cluster.seed({ jobs: [1, 2].map((id) => job(id)) });
    const side = otherSide(cluster);
    let reaction: Promise<unknown> = Promise.resolve();
    await of.writing(async (tx) => {
      await tx.lock(of.jobs, of.keys('jobs', 1), { columns: [] }, EVERY);
      reaction = side.begin({ does: () => [set('jobs', 1, { note: 'theirs' })] });
      expect(await side.waits(reaction), 'they wait').toBe(true);
    });
    await reaction;
    await side.end('commit');
    expect((await cluster.read()).jobs.map(({ note }) => note)).toEqual(['theirs', 'alice']);
  });

  test('that is shared keeps others from changing a row as well, and passes over those that they hold', async () => {
    await cluster.seed({ jobs: [1, 2].map((id) => job(id)) });
    const side = otherSide(cluster);
    let reaction: Promise<unknown> = Promise.resolve();
    await of.writing(async (tx) => {
      await tx.lock(of.jobs, of.keys('jobs', 1), { columns: [] }, EVERY, 'share');
      reaction = side.begin({ does: () => [set('jobs', 1, { note: 'theirs' })] });
      expect(await side.waits(reaction), 'they wait').toBe(true);
    });
    await reaction;
    const { rows, held } = await of.writing((tx) =>
      tx.lock(of.jobs, of.keys('jobs', 1, 2), { columns: [] }, EVERY, 'share'),
    );
    await side.end('commit');
    expect([of.idsOf(rows), of.idsOfKeys(held)]).toEqual([['2'], ['1']]);
  });

  test('keeps nobody from rows that it leaves', async () => {
    await cluster.seed({ jobs: [job(1, { state: 'FAILED' }), job(2)] });
    const side = otherSide(cluster);
    await of.writing(async (tx) => {
      await tx.lock(of.jobs, of.keys('jobs', 2), { columns: [] }, isRunning());
      const reaction = side.begin({ does: () => [set('jobs', 1, { note: 'theirs' })] });
      expect(await side.waits(reaction), 'they wait').toBe(false);
      await reaction;
      await side.end('commit');
    });
  });
}
