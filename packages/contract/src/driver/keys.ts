import { EVERY, type Key, keyText, type Query, type Row, type Table, Values } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { job } from '../support/rows.js';
import { HOUR } from '../support/times.js';
import type { DriverUnderTest } from './driver-under-test.js';

/** Rows that only several columns together tell from each other. */
export function describeKeys<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  /** The jobs, by their tenants first. */
  const table = (): Table => ({ ...of.jobs, key: [of.columns.tenant, ...of.jobs.key] });
  const values = () => new Values(of.driver.values);
  const shown = ({ key }: Pick<Row, 'key'>) => values().idOf(key);
  const row = (tenant: number, id: number) => JSON.stringify([String(tenant), String(id)]);
  const IN_ORDER = [row(7, 2), row(7, 9), row(7, 10), row(8, 1)];
  const page = (query: Partial<Query> = {}) =>
    of.reading((tx) => tx.page({ table: table(), where: EVERY, columns: [], limit: 99, ...query }));
  /** The keys of these jobs, and of one that no row has, although each column of it is that of some. */
  const keysOf = async (...ids: readonly string[]): Promise<Key[]> => {
    const [first, , , last] = await page();
    const none: Key = [last?.key[0] ?? null, first?.key[1] ?? null];
    return [...(await page()).filter((each) => ids.includes(shown(each))).map(({ key }) => key), none];
  };

  describe('a key of two columns', () => {
    beforeEach(() =>
      cluster.seed({
        jobs: [
          job(1, { tenant: '8', startTime: cluster.ago(HOUR) }),
          ...[10, 2, 9].map((id) => job(id, { tenant: '7', startTime: cluster.ago(HOUR) })),
        ],
      }),
    );

    test.each([undefined, 'startTime'] as const)(
      'orders pages by %s and both, behind a row and up to one',
      async (by) => {
        const orderBy = by && of.columns[by];
        const query = { columns: orderBy === undefined ? [] : [orderBy], orderBy };
        const rows = await page(query);
        expect(rows.map(shown)).toEqual(IN_ORDER);
        const [first, , third] = rows.map(({ key, columns }) => ({ key, time: (orderBy && columns[orderBy]) ?? null }));
        expect((await page({ ...query, after: third })).map(shown)).toEqual(IN_ORDER.slice(3));
        expect((await page({ ...query, after: first, upTo: third })).map(shown)).toEqual(IN_ORDER.slice(1, 3));
      },
    );

    test('is an id at the port, and back', async () => {
      for (const { key } of await page()) {
        const version: Record<string, string | null> = {};
        values().keep(version, 'id', key);
        expect(values().keysOf(table(), values().idOf(key), version.id)).toEqual([key]);
      }
    });

    test('locks, in its order, changes and deletes just the rows that have all of it', async () => {
      const [some, one] = [await keysOf(row(7, 10), row(8, 1)), await keysOf(row(7, 9))];
      const { note } = of.columns;
      const changes = await changesOf(cluster, () =>
        of.writing(async (tx) => {
          const { rows, held } = await tx.lock(table(), some, { columns: [] }, EVERY);
          const ids = rows.map(shown);
          if (cluster.capabilities.skipsLocked) expect(ids).toEqual(IN_ORDER.slice(2));
          expect({ ids: ids.sort(), held }).toEqual({ ids: IN_ORDER.slice(2), held: [] });
          const set = { [note]: { value: 'ours' } };
          const changed = await tx.update(table(), { rows, set, guard: EVERY, columns: [note] });
          expect(changed.map(({ key }) => keyText(key)).sort()).toEqual(rows.map(({ key }) => keyText(key)).sort());
          const gone = await tx.remove(table(), (await tx.lock(table(), one, { columns: [] }, EVERY)).rows, EVERY);
          expect(gone.map((key) => shown({ key }))).toEqual([row(7, 9)]);
        }),
      );
      expect(changes).toEqual({ 'jobs/1': { note: 'ours' }, 'jobs/10': { note: 'ours' }, 'jobs/9': 'deleted' });
    });
  });
}
