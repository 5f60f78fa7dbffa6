import type { Job, WriteOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job, upTo } from '../support/rows.js';
import { clock, DAY } from '../support/times.js';
import { type ClusterUnderTest, deletion, set, whileHeld } from '../support/under-test.js';

/** Deleted rows are kept: what is deleted is in the archive as it was, and what stays is not. */
export function describeArchive<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;
  const { transactions } = cluster.capabilities;
  const old = { state: 'COMPLETED', startTime: ago(41 * DAY, 5), endTime: ago(40 * DAY, 5) };
  const released = (id: number, jobId: number) => allocation(id, jobId, { status: 'RELEASED' });
  const nothing = { jobs: [], allocations: [] };
  const noRows = { rows: 0, first: [] };

  const store = () => cluster.store({ clock, archive: true });
  const oldJobs = () => {
    const { repository, transaction } = store();
    return transaction((session) => repository.getOldJobs(session, 30));
  };
  const remove = (jobs: readonly Job[], options?: WriteOptions<Job>) => {
    const { repository, transaction } = store();
    return transaction((session) => repository.deleteJobsBatch(session, jobs, options));
  };
  /** Puts archived jobs back: all, or those with these ids. */
  const restore = async (ids?: readonly string[], options?: { readonly dryRun?: boolean }) => {
    const { archive, transaction } = store();
    const outcome = await transaction(
      async (session) => {
        const jobs = ids === undefined ? archive?.getJobs(session, {}) : archive?.findJobs(session, ids);
        return archive?.restore(session, (await jobs) ?? [], options);
      },
      { readOnly: options?.dryRun ?? false },
    );
    return outcome && { ...outcome, restored: idsOf(outcome.restored), contended: idsOf(outcome.contended) };
  };
  const archivedIds = async () => {
    const { jobs, allocations } = await cluster.archive.read();
    return { jobs: jobs.map(({ id }) => id), allocations: allocations.map(({ id }) => id) };
  };

  describe('an archive', () => {
    if (!transactions) {
      test('needs transactions: nothing is deleted without', async () => {
        await cluster.seed({ jobs: [job(1, old)] });
        const jobs = await oldJobs();
        await expect(remove(jobs)).rejects.toMatchObject({ code: 'TRANSACTIONS_REQUIRED' });
        expect(await archivedIds()).toEqual(nothing);
        expect((await cluster.read()).jobs).toHaveLength(1);
      });
      return;
    }

    test('keeps what is deleted, each column to the letter: jobs and their allocations', async () => {
      const text = `it's \\ ü ${'long '.repeat(20)}`;
      const [first, second] = [
        job(1, { ...old, tenant: '7', pinned: 'true', heartbeat: ago(0, 3), errorMsg: text, exitCode: '' }),
        job(2, { ...old, state: 'FAILED', name: null, note: null }),
      ];
      const allocations = [
        allocation(1, 1, {
          status: 'RELEASED',
          allocationTime: ago(41 * DAY, 1),
          releasedTime: ago(41 * DAY),
          note: null,
        }),
        released(2, 2),
        allocation(3, 3),
      ];
      await cluster.seed({ jobs: [first, second, job(3)], allocations });
      const before = await cluster.read();
      expect(await remove(await oldJobs())).toBe(2);
      const isGone = ({ id }: { readonly id: string }) => id !== '3';
      expect(await cluster.archive.read()).toEqual({
        jobs: before.jobs.filter(isGone),
        allocations: before.allocations.filter(isGone),
      });
      expect((await cluster.read()).jobs.map(({ id }) => id)).toEqual(['3']);
    });

    test.each([
      ['was queued again', set('jobs', 1, { state: 'PENDING', startTime: null, endTime: null })],
      ['ended anew', set('jobs', 1, { endTime: ago(40 * DAY, 4) })],
      ['got an allocation', { table: 'allocations', insert: { id: '9', jobId: '1', status: 'ALLOCATED' } }] as const,
    ])('keeps nothing of a job that, since it was read, %s', async (_what, change) => {
      await cluster.seed({ jobs: [job(1, old), job(2, old)], allocations: [released(1, 1)] });
      const jobs = await oldJobs();
      await cluster.act(change);
      const record = recordOutcomes<Job>();
      await remove(jobs, record);
      expect(record.outcomes).toMatchObject([{ changed: ['2'] }]);
      expect(await archivedIds()).toEqual({ jobs: ['2'], allocations: [] });
    });

    if (cluster.capabilities.skipsLocked) {
      test('keeps nothing of a job that others hold, nor of one of whose allocations they hold one', async () => {
        await cluster.seed({
          jobs: [1, 2, 3].map((id) => job(id, old)),
          allocations: [1, 2, 3].map((id) => released(id, id)),
        });
        const jobs = await oldJobs();
        const held = [['jobs', '1'] as const, ['allocations', '2'] as const];
        expect(await whileHeld(cluster, held, () => remove(jobs))).toBe(1);
        expect(await archivedIds()).toEqual({ jobs: ['3'], allocations: ['3'] });
      });
    }

    test('has what was deleted last where a key was used again', async () => {
      const seed = (note: string, ...ids: readonly number[]) =>
        cluster.seed({
          jobs: [job(1, { ...old, note })],
          allocations: ids.map((id) => allocation(id, 1, { status: 'RELEASED', note })),
        });
      await seed('first', 1, 2);
      await cluster.seed({
        jobs: [job(2, { ...old, note: 'other' })],
        allocations: [allocation(4, 2, { status: 'RELEASED', note: 'other' })],
      });
      await remove(await oldJobs());
      await seed('second', 2, 3);
      expect(await remove(await oldJobs())).toBe(1);
      const { jobs, allocations } = await cluster.archive.read();
      expect(jobs.map(({ id, note }) => [id, note])).toEqual([
        ['1', 'second'],
        ['2', 'other'],
      ]);
      expect(allocations.map(({ id, note }) => [id, note])).toEqual([
        ['2', 'second'],
        ['3', 'second'],
        ['4', 'other'],
      ]);
    });

    test('has all that hung on the job that was deleted last, and that alone, also where it goes in several transactions', async () => {
      await cluster.seed({ jobs: [job(1, old)], allocations: [released(1, 1)] });
      await remove(await oldJobs());
      await cluster.seed({ jobs: [job(1, old)], allocations: upTo(5001).map((id) => released(id + 1, 1)) });
      const outcomes: (readonly string[])[] = [];
      const onOutcome: WriteOptions<Job>['onOutcome'] = ({ changed, rest = [] }) =>
        outcomes.push([...changed.map(({ id }) => `gone: ${id}`), ...rest.map((id) => `left: ${id}`)]);
      while ((await remove(await oldJobs(), { onOutcome, mayLeave: true })) === 0);
      expect(outcomes).toEqual([['left: 1'], ['gone: 1']]);
      const { jobs, allocations } = await archivedIds();
      expect({ jobs, allocations: [allocations.length, allocations[0], allocations.at(-1)] }).toEqual({
        jobs: ['1'],
        allocations: [5001, '2', '5002'],
      });
    });

    test('keeps what it has of an earlier job until the one with its key goes', async () => {
      await cluster.seed({ jobs: [job(1, old)], allocations: [released(1, 1)] });
      await remove(await oldJobs());
      await cluster.seed({ jobs: [job(1, old)], allocations: [released(2, 1), allocation(3, 1)] });
      expect(await remove(await oldJobs())).toBe(0);
      expect(await archivedIds()).toEqual({ jobs: ['1'], allocations: ['1'] });
    });

    test('gives back all that was deleted, each column to the letter, and has none of it then', async () => {
      await cluster.seed({
        jobs: [job(1, { ...old, tenant: '7', pinned: 'true', heartbeat: ago(0, 3) }), job(2, old), job(3)],
        allocations: [released(1, 1), released(2, 1), released(3, 2), allocation(4, 3)],
      });
      const before = await cluster.read();
      expect(await remove(await oldJobs())).toBe(2);
      expect(await restore()).toEqual({ restored: ['1', '2'], staying: noRows, contended: [] });
      expect(await cluster.read()).toEqual(before);
      expect(await archivedIds()).toEqual(nothing);
      expect(await remove(await oldJobs())).toBe(2);
    });

    test('gives back the jobs that it is asked for, and what belongs to them', async () => {
      await cluster.seed({
        jobs: [1, 2, 3].map((id) => job(id, old)),
        allocations: [1, 2, 3].map((id) => released(id, id)),
      });
      await remove(await oldJobs());
      expect(await restore(['2', '9'])).toEqual({ restored: ['2'], staying: noRows, contended: [] });
      expect(await archivedIds()).toEqual({ jobs: ['1', '3'], allocations: ['1', '3'] });
    });

    test('gives nothing back over a row that is there, nor what belongs to it, and names it', async () => {
      await cluster.seed({
        jobs: [job(1, old), job(2, old), job(3, old)],
        allocations: [released(1, 1), released(2, 2), released(3, 2), released(5, 3)],
      });
      const before = await cluster.read();
      await remove(await oldJobs());
      await cluster.seed({ jobs: [job(1), job(4)], allocations: [allocation(3, 4)] });
      const there = await cluster.read();
      const [table, taken] = [expect.any(String) as string, ['1', '3']];
      const staying = { rows: 2, first: taken.map((rowId) => ({ table, rowId })) };
      expect(await restore(undefined, { dryRun: true })).toEqual({ restored: ['3'], staying, contended: [] });
      expect(await cluster.read()).toEqual(there);
      expect(await restore()).toEqual({ restored: ['3'], staying, contended: [] });
      const ids = ({ jobs, allocations }: typeof there) => [jobs, allocations].map((rows) => rows.map(({ id }) => id));
      expect(ids(await cluster.read())).toEqual([
        ['1', '3', '4'],
        ['3', '5'],
      ]);
      expect(await archivedIds()).toEqual({ jobs: ['1', '2'], allocations: ['1', '2', '3'] });

      await cluster.act(deletion('allocations', 3), deletion('jobs', 4), deletion('jobs', 1));
      expect(await restore()).toEqual({ restored: ['1', '2'], staying: noRows, contended: [] });
      expect(await cluster.read()).toEqual(before);
      expect(await archivedIds()).toEqual(nothing);
    });

    test('gives jobs back page by page, with as many rows as they had', async () => {
      await cluster.seed({
        jobs: upTo(30).map((id) => job(id, old)),
        allocations: upTo(90).map((id) => released(id, 1 + (id % 30))),
      });
      const before = await cluster.read();
      await remove(await oldJobs());
      const { archive, transaction } = store();
      const pages: number[] = [];
      for (let rest = 30; rest > 0; rest -= pages.at(-1) ?? rest) {
        const page = await transaction(async (session) => {
          const jobs = (await archive?.getJobs(session, { limit: 13 })) ?? [];
          return (await archive?.restore(session, jobs))?.restored ?? [];
        });
        pages.push(page.length);
      }
      expect(pages).toEqual([13, 13, 4]);
      expect(await cluster.read()).toEqual(before);
    });

    test('has nothing of a transaction that was given up', async () => {
      await cluster.seed({ jobs: [job(1, old)], allocations: [released(1, 1)] });
      const jobs = await oldJobs();
      const undone = new Error('undone');
      const { repository, transaction } = store();
      const work = transaction(async (session) => {
        expect(await repository.deleteJobsBatch(session, jobs)).toBe(1);
        throw undone;
      });
      await expect(work).rejects.toBe(undone);
      expect(await archivedIds()).toEqual(nothing);
    });
  });
}
