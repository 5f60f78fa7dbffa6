import { describe, expect, test } from 'vitest';
import { upTo } from '../../support/rows.js';
import type { ClusterUnderTest } from '../../support/under-test.js';
import { cleanups, type Filters, filtered } from './cleanups.js';

/** As many values as are allowed, everywhere; of each list the last one is that of a job below. */
const MANY = upTo(1000);
const limits = (base: number) => Object.fromEntries(MANY.map((each) => [`job ${each}`, base + each / 1000]));
const filtersBy = (id: string): Filters => ({
  scope: { tenant: MANY, note: [...MANY.slice(1).map((each) => `note ${each}`), null] },
  exclude: [
    { [id]: MANY.map((each) => String(each + 4)) },
    { name: MANY.map((each) => `cron ${each}`) },
    { pinned: true },
  ],
  limitFor: { staleReservationMinutes: limits(10), stuckHours: limits(48), oldDays: limits(30) },
});

export function describeLargest<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { read, seed, write, ascending } = filtered(cluster);
  const filters = filtersBy(cluster.idColumn);

  describe.each(cleanups)('with as many values as they may have, before $name', (cleanup) => {
    test('say the same', async () => {
      const inScope = { tenant: '1000', note: null };
      const columns = [
        { ...inScope, name: 'job 1000' },
        { ...inScope, note: 'note 1000' },
        { ...inScope, note: 'note 1001' },
        { ...inScope, tenant: '1001' },
        inScope,
        { ...inScope, name: 'cron 1000' },
        { ...inScope, pinned: 'true' },
      ];
      await seed(
        cleanup,
        columns.map((each) => ({ job: each })),
      );
      expect(ascending((await read(cleanup, filters)).jobs)).toEqual(['1', '2']);
      const given = await read(cleanup);
      expect(await write(given, filters)).toEqual({ jobs: ['1', '2'], said: { changed: ['1', '2'], contended: [] } });
    });
  });
}
