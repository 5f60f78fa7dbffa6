import { type AllocationWithJob, presets, type WriteOptions } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, changesOf, idsOf, job, type SeedRow, seed } from '../support/rows.js';
import { DEAD_SIBLINGS, LIVE_SIBLINGS } from '../support/siblings.js';
import { ago, clock, HOUR, WRITTEN_NOW } from '../support/times.js';

const cluster = useCluster();
const started = { start_time: ago(2 * HOUR, 5) };
const FAILED = { state: 'FAILED', end_time: WRITTEN_NOW, error_msg: 'never started', exit_code: '-3:0' };
const RELEASED = { status: 'RELEASED', released_time: WRITTEN_NOW };
const reserved = (id: number, jobId: number, row: SeedRow = {}) =>
  allocation(id, jobId, { status: 'RESERVED', allocation_time: ago(HOUR, 5), ...row });

const stale = () => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.getStaleReservations(trx, 10));
};

const clean = (rows: readonly AllocationWithJob[], options?: WriteOptions<AllocationWithJob>) => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.cleanupStaleReservations(trx, rows, 'never started', options));
};

describe('cleanupStaleReservations', () => {
  test('fails the job with exit code -3:0 and releases the reservation, and writes nothing else', async () => {
    const allocations = [
      reserved(1, 1),
      allocation(2, 1, { status: 'RELEASED', released_time: ago(HOUR) }),
      reserved(3, 2),
      reserved(4, 3, { allocation_time: ago(0) }),
    ];
    await seed(cluster.sql, { jobs: [job(1, started), job(2, started), job(3)], allocations });
    const given = (await stale()).filter(({ id }) => id === '1');
    expect(await changesOf(cluster.sql, () => clean(given))).toEqual({
      'jobs/1': FAILED,
      'resource_allocations/1': RELEASED,
    });
  });

  test('returns the reservations that it cleaned and their jobs as they are now', async () => {
    await seed(cluster.sql, { jobs: [job(1, started)], allocations: [reserved(1, 1)] });
    expect(await clean(await stale())).toMatchObject([
      {
        id: '1',
        status: 'RELEASED',
        releasedTime: clock.now(),
        job: { state: 'FAILED', endTime: clock.now(), errorMsg: 'never started', exitCode: '-3:0' },
      },
    ]);
  });

  test("takes its times from the database's clock, however wrong this process's is", async () => {
    await seed(cluster.sql, { jobs: [job(1, started)], allocations: [reserved(1, 1)] });
    const { repository, transaction } = cluster.store();
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01T00:00:00Z') });
    const work = transaction(async (trx) => {
      const rows = await repository.getStaleReservations(trx, 10);
      return repository.cleanupStaleReservations(trx, rows);
    });
    await work.finally(vi.useRealTimers);
    const recent = `select from jobs, resource_allocations
      where least(end_time, released_time) > now() - interval '1 minute' and greatest(end_time, released_time) <= now()`;
    expect((await cluster.sql.query(recent)).rowCount).toBe(1);
  });

  test('cleans all stale reservations of a job together', async () => {
    await seed(cluster.sql, { jobs: [job(1, started)], allocations: [reserved(1, 1), reserved(2, 1)] });
    const rows = await stale();
    expect(idsOf(await clean(rows))).toEqual(['1', '2']);
  });

  test.each([
    ['job was queued again', "update jobs set state = 'PENDING', start_time = null where id = 1"],
    ['job is finished', "update jobs set state = 'COMPLETED' where id = 1"],
    ['job has an unknown state', "update jobs set state = 'running' where id = 1"],
    ['job started anew', "update jobs set start_time = start_time + '1us'::interval where id = 1"],
    ['reservation was taken up', "update resource_allocations set status = 'ALLOCATED' where id = 1"],
    ['reservation was released', "update resource_allocations set status = 'RELEASED' where id = 1"],
    ['reservation has an unknown status', "update resource_allocations set status = 'DRAINING' where id = 1"],
    ['reservation has no status', 'update resource_allocations set status = null where id = 1'],
    ['reservation was renewed', 'update resource_allocations set allocation_time = now() where id = 1'],
    ['reservation lost its time', 'update resource_allocations set allocation_time = null where id = 1'],
    ['reservation went to another job', 'update resource_allocations set job_id = 3 where id = 1'],
    ['reservation was deleted', 'delete from resource_allocations where id = 1'],
  ])('passes over a reservation when, since it was read, the %s', async (_what, statement) => {
    const jobs = [job(1, started), job(2, started), job(3, started)];
    await seed(cluster.sql, { jobs, allocations: [reserved(1, 1), reserved(2, 2)] });
    const rows = await stale();
    await cluster.sql.query(statement);
    const record = recordOutcomes<AllocationWithJob>();
    const changes = await changesOf(cluster.sql, () => clean(rows, record));
    expect(changes).toEqual({ 'jobs/2': FAILED, 'resource_allocations/2': RELEASED });
    expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
  });

  test.each(LIVE_SIBLINGS)('passes over a reservation that got a sibling which $name', async ({ row }) => {
    await seed(cluster.sql, { jobs: [job(1, started)], allocations: [reserved(1, 1)] });
    const rows = await stale();
    await seed(cluster.sql, { allocations: [allocation(2, 1, row)] });
    expect(await changesOf(cluster.sql, async () => expect(await clean(rows)).toEqual([]))).toEqual({});
  });

  test.each(DEAD_SIBLINGS)('cleans a reservation that got a sibling which $name', async ({ row }) => {
    await seed(cluster.sql, { jobs: [job(1, started)], allocations: [reserved(1, 1)] });
    const rows = await stale();
    await seed(cluster.sql, { allocations: [allocation(2, 1, row)] });
    const changes = await changesOf(cluster.sql, () => clean(rows));
    expect(changes).toEqual({ 'jobs/1': FAILED, 'resource_allocations/1': RELEASED });
  });

  test.each([
    ['job', 'select from jobs where id = 1 for update'],
    ['reservation', 'select from resource_allocations where id = 1 for update'],
    ['sibling', 'select from resource_allocations where id = 3 for update'],
  ])('reports a reservation whose %s somebody else holds as contended and leaves it', async (_what, statement) => {
    await seed(cluster.sql, {
      jobs: [job(1, started), job(2, started)],
      allocations: [reserved(1, 1), reserved(2, 2)],
    });
    const rows = await stale();
    await seed(cluster.sql, { allocations: [reserved(3, 1)] });
    const record = recordOutcomes<AllocationWithJob>();
    await cluster.other.query(`begin; ${statement}`);
    const changes = await changesOf(cluster.sql, () => clean(rows, record)).finally(() =>
      cluster.other.query('rollback'),
    );
    expect(changes).toEqual({ 'jobs/2': FAILED, 'resource_allocations/2': RELEASED });
    expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]);
  });

  test('judges the siblings of a reservation made by hand by its own age', async () => {
    const jobs = [job(1, started), job(2, started)];
    await seed(cluster.sql, { jobs, allocations: [reserved(1, 1), reserved(2, 2)] });
    const given = (await stale()).map((row) => ({ ...handMade(row), job: handMade(row.job) }));
    await seed(cluster.sql, {
      allocations: [reserved(3, 1, { allocation_time: ago(2 * HOUR) }), reserved(4, 2, { allocation_time: ago(0) })],
    });
    expect(idsOf(await clean(given))).toEqual(['1']);
  });

  test('of nothing changes nothing and says so', async () => {
    const record = recordOutcomes<AllocationWithJob>();
    expect(await clean([], record)).toEqual([]);
    expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
  });

  test('cleans a reservation that it is given twice once', async () => {
    await seed(cluster.sql, { jobs: [job(1, started)], allocations: [reserved(1, 1)] });
    const rows = await stale();
    const record = recordOutcomes<AllocationWithJob>();
    expect(idsOf(await clean([...rows, ...rows], record))).toEqual(['1']);
    expect(record.outcomes).toEqual([{ changed: ['1'], contended: [] }]);
  });
});

describe('cleanupStaleReservation', () => {
  const cleanOne = async (errorMsg?: string) => {
    const { repository, transaction } = cluster.store({ clock });
    const [row] = await stale();
    if (row === undefined) throw new Error('Nothing is stale');
    const once = () => transaction((trx) => repository.cleanupStaleReservation(trx, row, errorMsg));
    return [await once(), await once()];
  };

  test.each([
    ['the English text', undefined, presets.en.staleReservationError],
    ['the text it is given', 'never started', 'never started'],
  ])('does the same for one reservation, with %s, and says whether it was cleaned', async (_what, given, written) => {
    await seed(cluster.sql, { jobs: [job(1, started), job(2, started)], allocations: [reserved(1, 1)] });
    const changes = await changesOf(cluster.sql, async () => expect(await cleanOne(given)).toEqual([true, false]));
    expect(changes).toEqual({ 'jobs/1': { ...FAILED, error_msg: written }, 'resource_allocations/1': RELEASED });
  });
});
