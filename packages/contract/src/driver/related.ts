import { EVERY, isIn, keyText, type RelatedQuery, type Row } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { otherSide } from '../races/other-side.js';
import { allocation, job } from '../support/rows.js';
import { set, whileHeld } from '../support/under-test.js';
import type { DriverUnderTest } from './driver-under-test.js';

/** So many pages that a cursor which stands still is noticed. */
const MAX_PAGES = 20;

/** `related`, `lockRelated` and `countRelated`: the rows that hang on others. */
export function describeRelated<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { transactions, skipsLocked } = cluster.capabilities;

  const query = (parents: readonly number[]): Omit<RelatedQuery, 'limit'> => ({
    link: of.links.ofJob,
    parents: of.keys('jobs', ...parents),
    where: EVERY,
    order: 'parentAndKey',
    columns: [of.columns.jobId, of.columns.status],
  });
  const isReserved = () => isIn(of.columns.status, ['RESERVED']);
  const shown = (rows: readonly Row[]) => rows.map((row) => [of.shown(row.columns[of.columns.jobId]), of.idOf(row)]);

  const ALL = [
    ['1', '9'],
    ['1', '10'],
    ['1', '100'],
    ['2', '7'],
    ['2', '11'],
    ['10', '8'],
  ];

  /** The rules of one page after the other, locked or not. */
  const describePages = (name: 'related' | 'lockRelated') => {
    const pageOf = (given: RelatedQuery) =>
      name === 'related'
        ? of.reading((tx) => tx.related(given))
        : of.writing(async (tx) => [...(await tx.lockRelated(given)).rows]);

    test('has the rows of the parents that are given, by parent and key: numbers as numbers', async () => {
      expect(shown(await pageOf({ ...query([10, 3, 1, 2]), limit: 99 }))).toEqual(ALL);
      expect(shown(await pageOf({ ...query([2, 99]), limit: 99 }))).toEqual(ALL.filter(([parent]) => parent === '2'));
    });

    test('has those that meet the condition', async () => {
      const rows = await pageOf({ ...query([1, 2]), where: isReserved(), limit: 99 });
      expect(rows.map((row) => of.shownRow(row, 'status'))).toEqual([
        { id: '10', status: 'RESERVED' },
        { id: '100', status: 'RESERVED' },
        { id: '7', status: 'RESERVED' },
      ]);
    });

    test.each([1, 2, 3])(
      'goes on behind a row, in the middle of a parent or between two, by pages of %i',
      async (limit) => {
        const seen: Row[] = [];
        for (let page = 0; page < MAX_PAGES; page += 1) {
          const rows = await pageOf({ ...query([1, 2, 3, 10]), after: seen.at(-1), limit });
          expect(rows.length).toBeLessThanOrEqual(limit);
          seen.push(...rows);
          if (rows.length < limit) break;
        }
        expect(shown(seen)).toEqual(ALL);
      },
    );
  };

  const testBeforehand = () => {
    test('leaves the rows that others hold, and does not wait', async () => {
      const locked = await whileHeld(cluster, [['allocations', '10']], () =>
        of.writing((tx) => tx.lockRelated({ ...query([1]), limit: 99 })),
      );
      expect(of.idsOf(locked.rows)).toEqual(['9', '100']);
      expect(of.idsOfKeys(locked.held).filter((id) => id !== '1')).toEqual([]);
    });

    test('fills a page up with rows that others do not hold', async () => {
      const locked = await whileHeld(cluster, [['allocations', '9']], () =>
        of.writing((tx) => tx.lockRelated({ ...query([1]), limit: 2 })),
      );
      expect(of.idsOf(locked.rows)).toEqual(['10', '100']);
    });

    test('keeps others from changing the rows that it gives until the transaction ends', async () => {
      const side = otherSide(cluster);
      let reaction: Promise<unknown> = Promise.resolve();
      await of.writing(async (tx) => {
        await tx.lockRelated({ ...query([1]), where: isReserved(), limit: 99 });
        reaction = side.begin({ does: () => [set('allocations', 100, { note: 'theirs' })] });
        expect(await side.waits(reaction), 'they wait').toBe(true);
      });
      await reaction;
      await side.end('commit');
    });
  };

  const testAtCommit = () => {
    test('leaves no row that others hold, and whoever changes one ends in a CONFLICT', async () => {
      await whileHeld(cluster, [['allocations', '10']], () =>
        of.expectConflict(async (tx) => {
          const { rows, held } = await tx.lockRelated({ ...query([1]), limit: 99 });
          expect(of.idsOf(rows)).toEqual(['9', '10', '100']);
          expect(held).toEqual([]);
          await tx.update(of.allocations, { rows, set: { note: { value: 'ours' } }, guard: EVERY, columns: [] });
        }),
      );
      expect((await cluster.read()).allocations.filter(({ note }) => note === 'ours')).toEqual([]);
    });
  };

  describe('rows that hang on others', () => {
    beforeEach(() =>
      cluster.seed({
        jobs: [job(1), job(2), job(3), job(10)],
        allocations: [
          allocation(100, 1, { status: 'RESERVED' }),
          allocation(9, 1, { status: 'RELEASED' }),
          allocation(8, 10, { status: 'RESERVED' }),
          allocation(7, 2, { status: 'RESERVED' }),
          allocation(11, 2, { status: null }),
          allocation(10, 1, { status: 'RESERVED' }),
        ],
      }),
    );
    describe('related', () => describePages('related'));

    describe('lockRelated', () => {
      describePages('lockRelated');
      if (!transactions) return;
      if (skipsLocked) testBeforehand();
      else testAtCommit();
    });

    describe('countRelated', () => {
      const countsOf = async (where = EVERY, ...parents: readonly number[]) => {
        const counts = await of.reading((tx) => tx.countRelated(of.links.ofJob, of.keys('jobs', ...parents), where));
        return Object.fromEntries(
          parents.flatMap((id) => {
            const [rows] = of.keys('jobs', id).flatMap((key) => counts.get(keyText(key)) ?? []);
            return rows === undefined ? [] : [[String(id), rows]];
          }),
        );
      };

      test('counts for each parent, and not for one that has none', async () => {
        expect(await countsOf(EVERY, 1, 2, 3, 99)).toEqual({ 1: 3, 2: 2 });
      });

      test('counts those that meet the condition', async () => {
        expect(await countsOf(isReserved(), 1, 2, 10)).toEqual({ 1: 2, 2: 1, 10: 1 });
      });

      if (transactions && skipsLocked) {
        test('counts what others hold', async () => {
          expect(await whileHeld(cluster, [['allocations', '10']], () => countsOf(EVERY, 1))).toEqual({ 1: 3 });
        });
      }
    });
  });
}
