import type { Job } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Change, Columns } from '../../cluster.js';
import { otherSide } from '../../races/other-side.js';
import { recordOutcomes } from '../../support/outcomes.js';
import { job } from '../../support/rows.js';
import { clock, DAY } from '../../support/times.js';
import { type ClusterUnderTest, deletion, set, whileHeld } from '../../support/under-test.js';
import { deleteOld, type Filters, filtered } from './cleanups.js';

type Per = NonNullable<Filters['keepNewest']>['per'];

const keeping = (count: number, per: Per = 'all'): Filters => ({ keepNewest: { count, per } });

export function describeKeepNewest<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { read, seed, write, ascending } = filtered(cluster);
  const { ago } = cluster;
  const { skipsLocked, readFence } = cluster.capabilities;

  const ended = (days: number, columns: Columns = {}, steps = 0) => ({
    job: { ...columns, endTime: ago(days * DAY, steps) },
  });
  /** The jobs that are due by number alone. */
  const beyond = async (filters: Filters): Promise<readonly string[]> => {
    const { repository, transaction } = cluster.store({ clock, filters });
    return (await transaction((session) => repository.getOldJobs(session, null))).map(({ id }) => id);
  };

  describe('keepNewest', () => {
    test('leaves so many in, of all that the filters cover, by the end and then by the id', async () => {
      await seed(deleteOld, [
        ...[ended(50), ended(40, {}, 1), ended(40), ended(40), ended(1)],
        ...[ended(1, { state: 'RUNNING' }), ended(1, { state: 'ARCHIVED' }), ended(1, { pinned: 'true' })],
        { job: { endTime: null } },
      ]);
      const covered = { exclude: { pinned: true } };
      expect(await beyond({ ...keeping(1), ...covered })).toEqual(['1', '2', '3', '4']);
      expect(await beyond({ ...keeping(2), ...covered })).toEqual(['1', '2', '3']);
      expect(await beyond({ ...keeping(3), ...covered })).toEqual(['1', '2']);
      expect(await beyond({ ...keeping(5), ...covered })).toEqual([]);
      expect(ascending((await read(deleteOld, { ...keeping(1), ...covered }, 45)).jobs)).toEqual(['1']);
    });

    test.each<{ what: string; per: Per; of: (value: string | null) => Columns }>([
      { what: 'each name', per: 'name', of: (name) => ({ name }) },
      { what: 'each value of a column', per: { column: 'note' }, of: (note) => ({ note }) },
    ])('leaves so many in of $what, to the letter, and NULL is one', async ({ per, of }) => {
      const [long = '', other = ''] = ['A', 'B'].map((end) => `${'n'.repeat(210)}${end}`);
      const values = ['a', 'A', 'a', 'A', 'a', null, null, "it's ?", long, other, null];
      await seed(
        deleteOld,
        values.map((value, index) => ended(50 - index, of(value))),
      );
      expect(await beyond(keeping(2, per))).toEqual(['1', '6']);
      const given = await read(deleteOld, keeping(1, per));
      expect(ascending(given.jobs)).toEqual(['1', '2', '3', '6', '7']);
      const due = ['1', '6'];
      expect(await write(given, keeping(2, per))).toEqual({ jobs: due, said: { changed: due, contended: [] } });
    });

    test('leaves so many in of each number of a column', async () => {
      const values = ['7', '7', '8', null, null];
      await seed(
        deleteOld,
        values.map((tenant, index) => ended(50 - index, { tenant })),
      );
      const filters = keeping(1, { column: 'tenant' });
      const given = await read(deleteOld, filters);
      expect(given.jobs).toEqual(['1', '4']);
      expect(await write(given, filters)).toMatchObject({ said: { changed: ['1', '4'], contended: [] } });
    });

    test.each([
      { what: 'as they were read', isByHand: false },
      { what: 'made by hand', isByHand: true },
    ])('is kept by deleteJobsBatch, whatever rows it is given $what', async ({ isByHand }) => {
      await seed(deleteOld, [ended(50), ended(49), ended(48), ended(47), { job: { endTime: null } }]);
      const given = await read(deleteOld, undefined, 0.001);
      const everything = { ...given, jobs: ascending(given.jobs) };
      expect(everything.jobs).toEqual(['1', '2', '3', '4']);
      const due = ['1', '2'];
      expect(await write(given, keeping(2), isByHand)).toEqual({ jobs: due, said: { changed: due, contended: [] } });
    });

    test('keeps more than there are', async () => {
      await seed(deleteOld, [ended(50), ended(49)]);
      const given = await read(deleteOld);
      expect(await write(given, keeping(2))).toEqual({ jobs: [], said: { changed: [], contended: [] } });
      expect(await write(given, keeping(3))).toEqual({ jobs: [], said: { changed: [], contended: [] } });
    });

    test('comes to all groups of a batch, however many there are', async () => {
      const groups = Array.from({ length: 120 }, (_value, index) => `group ${index}`);
      await cluster.seed({
        jobs: groups.flatMap((note, index) => [
          job(2 * index + 1, { note, state: 'FAILED', endTime: ago(50 * DAY) }),
          job(2 * index + 2, { note, state: 'FAILED', endTime: ago(40 * DAY) }),
        ]),
      });
      const { repository, transaction } = cluster.store({ clock, filters: keeping(1, { column: 'note' }) });
      const record = recordOutcomes<Job>();
      await transaction(async (session) => {
        const jobs = await repository.getOldJobs(session, null);
        expect(await repository.deleteJobsBatch(session, jobs.slice(0, 70), { ...record, mayLeave: true })).toBe(50);
        expect(await repository.deleteJobsBatch(session, jobs)).toBe(70);
      });
      expect((await cluster.read()).jobs.map(({ id }) => Number(id) % 2)).toEqual(groups.map(() => 0));
    });

    test('needs a limit where there is none', async () => {
      const { repository, transaction } = cluster.store({ clock });
      const asked = transaction((session) => repository.getOldJobs(session, null));
      await expect(asked).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });
  });

  describe('keepNewest, when one of the newest', () => {
    const filters = keeping(2);
    const all = () => seed(deleteOld, [ended(50), ended(49), ended(48), ended(47)]);
    const left = async () => (await cluster.read()).jobs.map(({ id }) => id);

    test.each<{ what: string; change: Change }>([
      { what: 'is queued again', change: set('jobs', 4, { state: 'PENDING' }) },
      { what: 'is deleted', change: deletion('jobs', 4) },
    ])('$what between the read and the write, leaves one more in', async ({ change }) => {
      await all();
      const given = await read(deleteOld, filters);
      expect(given.jobs).toEqual(['1', '2']);
      await cluster.act({ ...deletion('allocations', 4) }, change);
      expect(await write(given, filters)).toMatchObject({ said: { changed: ['1'], contended: [] } });
      expect(await left()).toEqual(change.set === 'delete' ? ['2', '3'] : ['2', '3', '4']);
    });

    test('is new since the read, leaves the others out', async () => {
      await all();
      const given = await read(deleteOld, filters);
      await cluster.act({ table: 'jobs', insert: job(5, { state: 'COMPLETED', endTime: ago(DAY) }) });
      expect(await write(given, filters)).toMatchObject({ said: { changed: ['1', '2'], contended: [] } });
      expect(await left()).toEqual(['3', '4', '5']);
    });

    if (skipsLocked) {
      test('is held by others, leaves the group to the next pass, and no other one', async () => {
        const groups = ['a', 'a', 'b', 'b'];
        await seed(
          deleteOld,
          groups.map((note, index) => ended(50 - index, { note })),
        );
        const perNote = keeping(1, { column: 'note' });
        const given = await read(deleteOld, perNote);
        expect(given.jobs).toEqual(['1', '3']);
        const outcome = await whileHeld(cluster, [['jobs', '2']], () => write(given, perNote));
        expect(outcome).toMatchObject({ said: { changed: ['3'], contended: ['1'] } });
      });

      test('is relied on by one that is not committed, is kept from others until then', async () => {
        await all();
        const side = otherSide(cluster);
        const { repository, transaction } = cluster.store({ clock, filters });
        let reaction: Promise<unknown> = Promise.resolve();
        await transaction(async (session) => {
          expect(await repository.deleteJobsBatch(session, await repository.getOldJobs(session, null))).toBe(2);
          reaction = side.begin({ does: () => [set('jobs', 4, { state: 'PENDING' })] });
          expect(await side.waits(reaction), 'they wait').toBe(true);
        });
        await reaction;
        await side.end('commit');
      });
    } else if (readFence) {
      test('is changed while it is relied on, one of both is in conflict', async () => {
        await all();
        const { repository, transaction } = cluster.store({ clock, filters, maxAttempts: 1 });
        const written = transaction(async (session) => {
          const jobs = await repository.getOldJobs(session, null);
          await cluster.act(set('jobs', 4, { state: 'PENDING' }));
          return repository.deleteJobsBatch(session, jobs);
        });
        await expect(written).rejects.toMatchObject({ code: 'CONFLICT' });
        expect(await left()).toEqual(['1', '2', '3', '4']);
      });
    }
  });
}
