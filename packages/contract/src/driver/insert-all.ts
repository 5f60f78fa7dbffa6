import type { RowTexts } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { job } from '../support/rows.js';
import { HOUR } from '../support/times.js';
import { type DriverUnderTest, micros } from './driver-under-test.js';

const QUOTED = `it's "2" \\ {3,null} ü`;

/** `insertAll`: rows with what all have and some texts of their own. */
export function describeInsertAll<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const at = cluster.ago(HOUR, 1);
  const add = (id: number, ...each: readonly RowTexts[]) => {
    const { state, startTime } = of.columns;
    const [key = ''] = of.jobs.key;
    const same = { [key]: { value: id }, [state]: { value: 'PENDING' }, [startTime]: { time: micros(at) } };
    return of.writing((tx) => tx.insertAll(of.jobs, same, each));
  };

  describe('insertAll', () => {
    beforeEach(() => cluster.seed({ jobs: [job(1)] }));

    test('adds rows with what all have and what each has, and changes no other', async () => {
      const { name, note } = of.columns;
      const changes = await changesOf(cluster, async () => {
        await add(2, { [name]: QUOTED, [note]: null });
        await add(3, { [name]: 'three', [note]: '' });
      });
      expect(changes).toMatchObject({
        'jobs/2': { id: '2', name: QUOTED, note: null, state: 'PENDING', startTime: at },
        'jobs/3': { id: '3', name: 'three', note: '', state: 'PENDING', startTime: at },
      });
      expect(Object.keys(changes)).toHaveLength(2);
    });

    test('refuses to go over a row with the key', async () => {
      const again = () =>
        expect(add(1, { [of.columns.name]: 'again' })).rejects.toMatchObject({ code: 'ROW_REJECTED' });
      expect(await changesOf(cluster, again)).toEqual({});
    });
  });
}
