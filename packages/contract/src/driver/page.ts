import { type Condition, EVERY, isIn, not, type Query, type Row } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { allocation, job } from '../support/rows.js';
import { HOUR } from '../support/times.js';
import { type DriverUnderTest, exactTime, micros } from './driver-under-test.js';

/** So many pages that a cursor which stands still is noticed. */
const MAX_PAGES = 20;

/** `page`: rows in order, a page at a time. */
export function describePage<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { ago } = cluster;

  /** Every page of the jobs, each begun behind the last row of the one before. */
  const pagesOf = (limit: number, orderBy?: string, descending = false) =>
    of.reading(async (tx) => {
      const pages: string[][] = [];
      for (let after: Query['after']; pages.length < MAX_PAGES; ) {
        const columns = orderBy === undefined ? [] : [orderBy];
        const page = await tx.page({ table: of.jobs, where: EVERY, columns, orderBy, descending, after, limit });
        pages.push(of.idsOf(page));
        const last = page.at(-1);
        if (last === undefined || page.length < limit) break;
        after = { key: last.key, ...(orderBy !== undefined && { time: last.columns[orderBy] ?? null }) };
      }
      return pages;
    });

  describe('page', () => {
    test('has rows by the time, then by the key', async () => {
      const times = { 3: 2, 10: 2, 9: 2, 2: 1, 4: 3 } as const;
      const jobs = Object.entries(times).map(([id, hours]) => job(id, { startTime: ago(hours * HOUR) }));
      await cluster.seed({ jobs });
      expect(await pagesOf(10, of.columns.startTime)).toEqual([['4', '3', '9', '10', '2']]);
    });

    test('has rows by the key alone as the column orders it: numbers as numbers', async () => {
      await cluster.seed({ jobs: [100, 9, 10, 2].map((id) => job(id, { startTime: ago(id * HOUR) })) });
      expect(await pagesOf(10)).toEqual([['2', '9', '10', '100']]);
    });

    test('begins behind a time, to the smallest step of it', async () => {
      await cluster.seed({ jobs: [1, 2, 3].map((id) => job(id, { startTime: ago(HOUR, -id) })) });
      expect(await pagesOf(1, of.columns.startTime)).toEqual([['1'], ['2'], ['3'], []]);
    });

    test('begins behind a key, among rows of the same time', async () => {
      await cluster.seed({ jobs: [100, 9, 10, 2].map((id) => job(id, { startTime: ago(HOUR) })) });
      expect(await pagesOf(1, of.columns.startTime)).toEqual([['2'], ['9'], ['10'], ['100'], []]);
    });

    test('begins behind a key alone', async () => {
      await cluster.seed({ jobs: [100, 9, 10, 2].map((id) => job(id, { startTime: ago(id * HOUR) })) });
      expect(await pagesOf(3)).toEqual([['2', '9', '10'], ['100']]);
    });

    test('has the latest time and then the highest key first where it is told so', async () => {
      const times = { 3: 2, 10: 2, 9: 2, 2: 1, 4: 3 } as const;
      await cluster.seed({
        jobs: Object.entries(times).map(([id, hours]) => job(id, { startTime: ago(hours * HOUR) })),
      });
      const { startTime, state } = of.columns;
      const where = isIn(state, ['FAILED', 'RUNNING']);
      const page = { table: of.jobs, where, columns: [], orderBy: startTime, descending: true, limit: 4 };
      expect(of.idsOf(await of.reading((tx) => tx.page(page)))).toEqual(['2', '10', '9', '3']);
    });

    test('has the highest key first where it is told so, and goes on below a key', async () => {
      await cluster.seed({ jobs: [100, 9, 10, 2].map((id) => job(id)) });
      expect(await pagesOf(3, undefined, true)).toEqual([['100', '10', '9'], ['2']]);
    });

    test("tells the database's clock with each row where it is asked to", async () => {
      await cluster.seed({ jobs: [job(1)] });
      const query = { table: of.jobs, where: EVERY, columns: [], limit: 9 };
      const from = await cluster.now();
      const [told, untold] = await of.reading(async (tx) => [
        ...(await tx.page({ ...query, clock: true })),
        ...(await tx.page(query)),
      ]);
      expect(told?.clock ?? 0n).toBeGreaterThanOrEqual(micros(from));
      expect(told?.clock ?? 0n).toBeLessThanOrEqual(micros(await cluster.now()));
      expect(untold?.clock).toBeUndefined();
    });

    test('begins behind a row that is gone', async () => {
      await cluster.seed({ jobs: [1, 2, 3].map((id) => job(id, { startTime: ago(HOUR) })) });
      const orderBy = of.columns.startTime;
      const query = { table: of.jobs, where: EVERY, columns: [orderBy], orderBy, limit: 1 };
      const [first] = await of.reading((tx) => tx.page(query));
      await cluster.act({ table: 'jobs', where: { id: '1' }, set: 'delete' });
      const after = first && { key: first.key, time: first.columns[orderBy] ?? null };
      expect(of.idsOf(await of.reading((tx) => tx.page({ ...query, after })))).toEqual(['2']);
    });

    test.each(['startTime', undefined] as const)(
      'by %s ends with the row that it is to go up to, there or gone',
      async (by) => {
        const hours = { 2: 3, 9: 2, 10: 2, 100: 2, 200: 1 } as const;
        await cluster.seed({
          jobs: Object.entries(hours).map(([id, each]) => job(id, { startTime: ago(each * HOUR) })),
        });
        const orderBy = by && of.columns[by];
        const query = {
          table: of.jobs,
          where: EVERY,
          columns: orderBy === undefined ? [] : [orderBy],
          orderBy,
          limit: 9,
        };
        const [first, , third] = (await of.reading((tx) => tx.page(query))).map(({ key, columns }) => ({
          key,
          ...(orderBy !== undefined && { time: columns[orderBy] ?? null }),
        }));
        const upToThird = async () => of.idsOf(await of.reading((tx) => tx.page({ ...query, upTo: third })));
        expect(await upToThird()).toEqual(['2', '9', '10']);
        expect(of.idsOf(await of.reading((tx) => tx.page({ ...query, after: first, upTo: third, limit: 1 })))).toEqual([
          '9',
        ]);
        await cluster.act({ table: 'jobs', where: { id: '10' }, set: 'delete' });
        expect(await upToThird()).toEqual(['2', '9']);
      },
    );

    test('ends at a time, to the smallest step of it', async () => {
      await cluster.seed({ jobs: [1, 2, 3].map((id) => job(id, { startTime: ago(HOUR, -id) })) });
      const orderBy = of.columns.startTime;
      const query = { table: of.jobs, where: EVERY, columns: [orderBy], orderBy, limit: 9 };
      const [, second] = await of.reading((tx) => tx.page(query));
      const upTo = second && { key: second.key, time: second.columns[orderBy] ?? null };
      expect(of.idsOf(await of.reading((tx) => tx.page({ ...query, upTo })))).toEqual(['1', '2']);
    });

    test('has no more rows than its limit, and not fewer while there are more', async () => {
      await cluster.seed({ jobs: [1, 2, 3, 4, 5].map((id) => job(id)) });
      expect(await pagesOf(2)).toEqual([['1', '2'], ['3', '4'], ['5']]);
    });

    test('has the columns that were asked for and no others but its key, NULL as null', async () => {
      await cluster.seed({ jobs: [job(1, { note: null, endTime: null })] });
      const { name, note, endTime } = of.columns;
      const query = { table: of.jobs, where: EVERY, columns: [name, note, endTime], limit: 9 };
      const [row] = await of.reading((tx) => tx.page(query));
      expect(row && of.shownRow(row, 'name', 'note', 'endTime')).toEqual({
        id: '1',
        name: 'job-1',
        note: null,
        endTime: null,
      });
      const others = Object.keys(row?.columns ?? {}).filter((column) => ![name, note, endTime].includes(column));
      expect(others.filter((column) => !of.jobs.key.includes(column))).toEqual([]);
      expect(row).not.toHaveProperty('labels');
      expect(row).not.toHaveProperty('parent');
    });

    test('has the row that a link leads to, and leaves out rows without one', async () => {
      await cluster.seed({
        jobs: [job(1, { startTime: ago(HOUR, 1) }), job(2)],
        allocations: [allocation(1, 2), allocation(2, 1), { ...allocation(3, 1), jobId: null }],
      });
      const { name, startTime, status } = of.columns;
      const parent = { link: of.links.job, columns: [name, startTime] };
      const query = { table: of.allocations, where: EVERY, columns: [status], parent, limit: 9 };
      const rows = await of.reading((tx) => tx.page(query));
      expect(of.idsOf(rows)).toEqual(['1', '2']);
      expect(rows.map((row) => row.parent && of.shownRow(row.parent, 'name', 'startTime'))).toEqual([
        { id: '2', name: 'job-2', startTime: null },
        { id: '1', name: 'job-1', startTime: exactTime(ago(HOUR, 1)) },
      ]);
    });

    describe('names', () => {
      const named = (name: string): Condition => isIn(of.columns.name, [name]);
      const labelOf = ({ labels }: Pick<Row, 'labels'>) => labels?.is;

      test('for each row the first label whose condition holds, and none where none does', async () => {
        await cluster.seed({ jobs: [job(1), job(2), job(3)] });
        const labels = {
          is: [
            { when: named('job-1'), label: 'one' },
            { when: isIn(of.columns.name, ['job-1', 'job-2']), label: 'one or two' },
          ],
          isNot: [{ when: not(named('job-1')), label: 'not one' }],
        };
        const query = { table: of.jobs, where: EVERY, columns: [], labels, limit: 9 };
        const rows = await of.reading((tx) => tx.page(query));
        expect(rows.map(labelOf)).toEqual(['one', 'one or two', null]);
        expect(rows.map(({ labels: all }) => all?.isNot)).toEqual([null, 'not one', 'not one']);
      });

      test('the rows that a link leads to', async () => {
        await cluster.seed({ jobs: [job(1), job(2)], allocations: [allocation(1, 1), allocation(2, 2)] });
        const parent = { link: of.links.job, columns: [], labels: { is: [{ when: named('job-2'), label: 'two' }] } };
        const query = { table: of.allocations, where: EVERY, columns: [], parent, limit: 9 };
        const rows = await of.reading((tx) => tx.page(query));
        expect(rows.map((row) => row.parent && labelOf(row.parent))).toEqual([null, 'two']);
      });
    });

    test('shows what its own transaction has written', async () => {
      await cluster.seed({ jobs: [job(1, { note: 'before' })] });
      const { note } = of.columns;
      const seen = await of.writing(async (tx) => {
        const rows = await of.rows(tx, 'jobs', 1);
        await tx.update(of.jobs, { rows, set: { [note]: { value: 'after' } }, guard: EVERY, columns: [] });
        return tx.page({ table: of.jobs, where: isIn(note, ['after']), columns: [note], limit: 9 });
      });
      expect(seen.map((row) => of.shownRow(row, 'note'))).toEqual([{ id: '1', note: 'after' }]);
    });

    if (cluster.capabilities.transactions && cluster.capabilities.skipsLocked) {
      test('shows what others have committed since the transaction began', async () => {
        await cluster.seed({ jobs: [job(1, { note: 'before' })] });
        const { note } = of.columns;
        const query = { table: of.jobs, where: EVERY, columns: [note], limit: 9 };
        const seen = await of.writing(async (tx) => {
          const first = await tx.page(query);
          await cluster.act({ table: 'jobs', where: { id: '1' }, set: { note: 'after' } });
          return [...first, ...(await tx.page(query))];
        });
        expect(seen.map((row) => of.shown(row.columns[note]))).toEqual(['before', 'after']);
      });
    }
  });
}
