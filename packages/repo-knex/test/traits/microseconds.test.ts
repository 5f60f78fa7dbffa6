import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { handMade } from '../support/outcomes.js';
import { allocation, idsOf, job, seed } from '../support/rows.js';
import { ago, clock, HOUR } from '../support/times.js';

const cluster = useCluster();

/** Within one millisecond, so as dates these times are all the same; ids run against the times. */
const MICROS = [9, 7, 5, 3, 1];
const started = MICROS.map((micros, index) => job(5 - index, { start_time: ago(49 * HOUR, micros) }));

const stuck = (options = {}) => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.getStuckJobs(trx, 48, options));
};

describe('times within one millisecond', () => {
  test('order rows', async () => {
    await seed(cluster.sql, { jobs: started });
    expect(idsOf(await stuck())).toEqual(['5', '4', '3', '2', '1']);
  });

  test('continue pages without losing or repeating a row', async () => {
    await seed(cluster.sql, { jobs: started });
    const seen: string[] = [];
    for (let page = await stuck({ limit: 1 }); page.length > 0; page = await stuck({ limit: 1, after: page[0] })) {
      seen.push(...idsOf(page));
    }
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
  });

  test('continue pages of reservations as well', async () => {
    const allocations = MICROS.map((micros, index) =>
      allocation(5 - index, 5 - index, { status: 'RESERVED', allocation_time: ago(HOUR, micros) }),
    );
    await seed(cluster.sql, { jobs: started, allocations });
    const { repository, transaction } = cluster.store({ clock });
    const read = (options: object) => transaction((trx) => repository.getStaleReservations(trx, 10, options));
    const [first] = await read({ limit: 1 });
    expect(first?.id).toBe('5');
    expect(idsOf(await read({ limit: 2, after: first }))).toEqual(['4', '3']);
  });

  test('are shown by the millisecond that they lie in, never rounded up', async () => {
    await seed(cluster.sql, { jobs: [job(1, { start_time: '2026-01-01T00:00:00.999999Z' })] });
    expect((await stuck())[0]?.startTime).toEqual(new Date('2026-01-01T00:00:00.999Z'));
  });

  test('lose no row after one made by hand, which can only name the millisecond', async () => {
    await seed(cluster.sql, { jobs: started });
    const [first] = await stuck({ limit: 1 });
    const after = first && handMade(first);
    expect(idsOf(await stuck({ limit: 5, after }))).toEqual(expect.arrayContaining(['4', '3', '2', '1']));
  });
});
