import { EVERY, isIn, type Update } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { allocation, job } from '../support/rows.js';
import { HOUR } from '../support/times.js';
import { set } from '../support/under-test.js';
import { type DriverUnderTest, exactTime, micros } from './driver-under-test.js';

/** `update`: rows that are locked and meet the guard, and no others. */
export function describeUpdate<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { transactions } = cluster.capabilities;
  const at = cluster.ago(HOUR, 1);

  /** Updates jobs by their ids. */
  const update = (ids: readonly number[], given: Omit<Update, 'rows'>) =>
    of.writing(async (tx) => tx.update(of.jobs, { rows: await of.rows(tx, 'jobs', ...ids), ...given }));

  describe('update', () => {
    beforeEach(() =>
      cluster.seed({
        jobs: [
          job(1, { tenant: '7', pinned: 'false' }),
          job(2, { tenant: '7', state: 'FAILED' }),
          job(3, { tenant: '7' }),
        ],
        allocations: [allocation(1, 1)],
      }),
    );

    test('writes each kind of value, and nothing else of any row', async () => {
      const { note, pinned, endTime, tenant, state } = of.columns;
      const values = {
        [note]: { value: null },
        [state]: { value: 'CANCELLED' },
        [pinned]: { value: true },
        [tenant]: { value: 8 },
        [endTime]: { time: micros(at) },
      };
      expect(await changesOf(cluster, () => update([1], { set: values, guard: EVERY, columns: [] }))).toEqual({
        'jobs/1': { note: null, state: 'CANCELLED', pinned: 'true', tenant: '8', endTime: at },
      });
    });

    test('returns the rows that it changed as they are now: the columns that were asked for', async () => {
      const { note, endTime, name } = of.columns;
      const written = { [note]: { value: 'ours' }, [endTime]: { time: micros(at) } };
      const changed = await update([1, 3], { set: written, guard: EVERY, columns: [note, endTime, name] });
      expect(
        changed
          .map((row) => of.shownRow(row, 'note', 'endTime', 'name'))
          .sort((one, other) => Number(one.id) - Number(other.id)),
      ).toEqual([
        { id: '1', note: 'ours', endTime: exactTime(at), name: 'job-1' },
        { id: '3', note: 'ours', endTime: exactTime(at), name: 'job-3' },
      ]);
    });

    test('writes the first that is set of some times, as it is to the last step, and otherwise an instant', async () => {
      const { startTime, endTime } = of.columns;
      const began = cluster.ago(2 * HOUR, 1);
      await cluster.act(set('jobs', 2, { startTime: began }));
      await cluster.act(set('jobs', 3, { startTime: null }));
      const written = { [endTime]: { firstSet: [endTime, startTime], otherwise: micros(at) } };
      const work = () => update([2, 3], { set: written, guard: EVERY, columns: [] });
      expect(await changesOf(cluster, work)).toEqual({ 'jobs/2': { endTime: began }, 'jobs/3': { endTime: at } });
    });

    test('puts values back as they were read', async () => {
      const { note, state, endTime, tenant, pinned, startTime } = of.columns;
      const columns = [note, state, endTime, tenant, pinned, startTime];
      const before = await of.reading(
        async (tx) => (await tx.lock(of.jobs, of.keys('jobs', 1), { columns }, EVERY)).rows,
      );
      const values = Object.entries(before[0]?.columns ?? {}).filter(([column]) => columns.includes(column));
      const back = Object.fromEntries(values.map(([column, exact]) => [column, { exact }]));
      const work = async () => {
        await cluster.act(
          set('jobs', 1, {
            ...{ note: 'theirs', state: 'FAILED', endTime: at, tenant: '99', pinned: 'true' },
            startTime: cluster.ago(3 * HOUR, 2),
          }),
        );
        await update([1], { set: back, guard: EVERY, columns: [] });
      };
      expect(await changesOf(cluster, work)).toEqual({});
    });

    test('raises a number by as much as it is told', async () => {
      const { tenant } = of.columns;
      const changed = await update([1], { set: { [tenant]: { increment: 2 } }, guard: EVERY, columns: [tenant] });
      expect(changed.map((row) => of.shownRow(row, 'tenant'))).toEqual([{ id: '1', tenant: '9' }]);
      expect((await cluster.read()).jobs.map(({ tenant: number }) => number)).toEqual(['9', '7', '7']);
    });

    if (transactions && !cluster.capabilities.skipsLocked) {
      // A row that is not as it was read would fail the commit, so that the number is all that counts.
      test('changes no row that does not meet the guard, and returns as many as it changed', async () => {
        const guard = isIn(of.columns.state, ['RUNNING']);
        const write = () => update([1, 2, 3], { set: { note: { value: 'ours' } }, guard, columns: [] });
        let changed = 0;
        const work = async () => {
          changed = (await write()).length;
        };
        expect(await changesOf(cluster, work)).toEqual({ 'jobs/1': { note: 'ours' }, 'jobs/3': { note: 'ours' } });
        expect(changed).toBe(2);
      });
    } else {
      test('changes no row that does not meet the guard', async () => {
        const guard = isIn(of.columns.state, ['RUNNING']);
        const write = () => update([1, 2, 3], { set: { note: { value: 'ours' } }, guard, columns: [] });
        expect(await changesOf(cluster, write)).toEqual({ 'jobs/1': { note: 'ours' }, 'jobs/3': { note: 'ours' } });
      });

      test('returns no row that it did not change', async () => {
        const guard = isIn(of.columns.state, ['RUNNING']);
        const changed = await update([1, 2, 3], { set: { note: { value: 'ours' } }, guard, columns: [] });
        expect(of.idsOf(changed).sort()).toEqual(['1', '3']);
      });

      test('returns no row that is gone', async () => {
        const changed = await of.writing(async (tx) => {
          const rows = await of.rows(tx, 'jobs', 2, 3);
          await tx.remove(of.jobs, rows.slice(0, 1), EVERY);
          return tx.update(of.jobs, { rows, set: { note: { value: 'ours' } }, guard: EVERY, columns: [] });
        });
        expect(of.idsOf(changed)).toEqual(['3']);
      });
    }

    if (transactions) {
      test('is undone where its transaction fails', async () => {
        const fails = async () => {
          const work = of.writing(async (tx) => {
            const rows = await of.rows(tx, 'jobs', 1);
            await tx.update(of.jobs, { rows, set: { note: { value: 'ours' } }, guard: EVERY, columns: [] });
            throw new Error('on purpose');
          });
          await expect(work).rejects.toThrow('on purpose');
        };
        expect(await changesOf(cluster, fails)).toEqual({});
      });
    } else {
      test('changes and returns no row that is not as it was read', async () => {
        const { state } = of.columns;
        const changed = await of.writing(async (tx) => {
          const { rows } = await tx.lock(of.jobs, of.keys('jobs', 1, 3), { columns: [state] }, EVERY);
          await cluster.act(set('jobs', 1, { state: 'PENDING' }));
          return tx.update(of.jobs, { rows, set: { note: { value: 'ours' } }, guard: EVERY, columns: [] });
        });
        expect(of.idsOf(changed)).toEqual(['3']);
        expect((await cluster.read()).jobs.map(({ note }) => note)).toEqual(['alice', 'alice', 'ours']);
      });
    }
  });
}
