import { type Condition, EVERY } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns, ContractSubject, Layout } from '../cluster.js';
import { IDS, keysAs, stepOf, timesOf, unsetTime } from '../support/layouts.js';
import { before, HOUR, NOW } from '../support/times.js';
import { capabilitiesOf } from '../support/under-test.js';
import { exactTime, micros, useDriver } from './driver-under-test.js';

/** Ids and times of each kind, as exact texts and back: read, paged by, locked by, and written. */
export function describeExact<Session extends object>(subject: ContractSubject<Session>): void {
  const { ids, mapping } = capabilitiesOf(subject);
  describe('values are exact', () => {
    testLayout(subject, 'as tables of default types hold them', {});
    if (mapping === false) return;
    // One with one: ids and times know nothing of each other.
    for (let index = 0; index < Math.max(ids.length, mapping.length); index += 1) {
      const [kind = 'number', codec = 'instant'] = [ids[index % ids.length], mapping[index % mapping.length]];
      const layout = { ids: kind, schema: keysAs(kind, timesOf(codec, [unsetTime(codec).raw])) };
      testLayout(subject, `in ids of the kind "${kind}" and times as ${codec}`, layout, unsetTime(codec).iso);
    }
  });
}

/** @param unset a time that means "not set" there. */
function testLayout<Session extends object>(
  subject: ContractSubject<Session>,
  name: string,
  layout: Layout,
  unset?: string,
): void {
  const idOf = IDS[layout.ids ?? 'number'];
  const step = stepOf(layout, subject.precisionMicros);
  const ago = (steps: number) => before(NOW, HOUR, steps * step);
  const job = (id: number, columns: Columns = {}): Columns => ({
    id: idOf(id),
    name: 'n',
    state: 'RUNNING',
    ...columns,
  });

  describe(name, () => {
    const of = useDriver(subject, layout);

    test('read, as the keys that lead to the rows again, and as times to the smallest step', async () => {
      await of.cluster.seed({ jobs: [1, 2, 3].map((id) => job(id, { startTime: ago(id) })) });
      const { startTime } = of.columns;
      const query = { table: of.jobs, where: EVERY, columns: [startTime], orderBy: startTime, limit: 9 };
      const rows = await of.reading((tx) => tx.page(query));
      expect(rows.map((row) => of.shownRow(row, 'startTime'))).toEqual(
        [3, 2, 1].map((id) => ({ id: idOf(id), startTime: exactTime(ago(id)) })),
      );
      const keys = rows.map(({ key }) => key);
      const locked = await of.writing((tx) => tx.lock(of.jobs, keys, { columns: [] }, EVERY));
      expect(of.idsOf(locked.rows)).toEqual([1, 2, 3].map(idOf));
      const [, second] = rows;
      const after = second && { key: second.key, time: second.columns[startTime] ?? null };
      expect(of.idsOf(await of.reading((tx) => tx.page({ ...query, after })))).toEqual([idOf(1)]);
      expect(of.idsOf(await of.reading((tx) => tx.page({ ...query, upTo: after })))).toEqual([3, 2].map(idOf));
    });

    test('compared, at the very instant and one step beside it', async () => {
      await of.cluster.seed({ jobs: [-1, 0, 1].map((steps) => job(steps + 2, { startTime: ago(steps) })) });
      const where = { time: of.columns.startTime, before: micros(ago(0)) };
      const found = await of.reading((tx) => tx.page({ table: of.jobs, where, columns: [], limit: 9 }));
      expect(of.idsOf(found)).toEqual([idOf(3)]);
    });

    if (unset !== undefined) {
      test('no times where they mean "not set"', async () => {
        await of.cluster.seed({ jobs: [job(1, { startTime: unset }), job(2), job(3, { startTime: ago(0) })] });
        const time = of.columns.startTime;
        const found = (where: Condition) =>
          of.reading(async (tx) => of.idsOf(await tx.page({ table: of.jobs, where, columns: [], limit: 9 })));
        expect(await found({ time, isSet: true })).toEqual([idOf(3)]);
        expect(await found({ time, isSet: false })).toEqual([idOf(1), idOf(2)]);
        expect(await found({ time, before: micros(ago(-1)) })).toEqual([idOf(3)]);
        const counted = await of.reading((tx) => tx.count({ table: of.jobs, where: EVERY, earliest: { time } }));
        expect(counted).toEqual([{ rows: 3, earliest: micros(ago(0)) }]);
      });
    }

    test('written, and given back as they are', async () => {
      await of.cluster.seed({ jobs: [job(1), job(2)] });
      const { endTime, note } = of.columns;
      const text = `it's "ä" 漢 \\ % ? $1 :a {b}`;
      const set = { [endTime]: { time: micros(ago(1)) }, [note]: { value: text } };
      const changed = await of.writing(async (tx) => {
        const { rows } = await tx.lock(of.jobs, of.keys('jobs', idOf(1)), { columns: [] }, EVERY);
        return tx.update(of.jobs, { rows, set, guard: EVERY, columns: [endTime, note] });
      });
      expect(changed.map((row) => of.shownRow(row, 'endTime', 'note'))).toEqual([
        { id: idOf(1), endTime: exactTime(ago(1)), note: text },
      ]);
      const { jobs } = await of.cluster.read();
      expect(jobs.map(({ endTime: end, note: written }) => [end, written])).toEqual([
        [ago(1), text],
        [null, null],
      ]);
    });
  });
}
