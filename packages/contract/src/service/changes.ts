import type { Change } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { allocation, job } from '../support/rows.js';
import { DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { changingTurns, idsIn } from './changing-turns.js';
import { anEntry } from './entries.js';
import { aRequest, claimed } from './turns.js';

/** The form of a turn's name. */
const PASS = '0'.repeat(20);

/** What turns have changed, row by row. */
export function describeChanges<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { transactions } = cluster.capabilities;
  const store = () => cluster.store();
  const { inBatch, failStuck, deleteOld, seedStuck } = changingTurns(cluster);
  const rowsIn = (changes: readonly Change[]) => changes.map(({ table, rowId }) => `${table}/${rowId}`).sort();

  describe('what a turn changes', () => {
    beforeEach(seedStuck);

    test('is kept row by row: what it was, and what it is', async () => {
      const claim = await failStuck();
      const changes = await store().changes.read({ pass: claim.pass });
      const after = await cluster.read();
      const [one, two] = changes.filter(({ rowId }) => rowId === '1' || rowId === '11');
      expect(changes).toHaveLength(4);
      expect(one).toMatchObject({
        pass: claim.pass,
        strategy: claim.strategy,
        config: 'main',
        jobId: '1',
        undoneAt: null,
      });
      expect(two).toMatchObject({ rowId: '11', jobId: '1' });
      expect(valuesOf(one?.before)).toEqual(expect.arrayContaining(['RUNNING', 'slow', null]));
      expect(valuesOf(one?.after)).toEqual(expect.arrayContaining(['FAILED', 'too long', after.jobs[0]?.endTime]));
      expect(valuesOf(two?.before)).toEqual(expect.arrayContaining(['ALLOCATED', null]));
      expect(valuesOf(two?.after)).toEqual(expect.arrayContaining(['RELEASED', after.allocations[0]?.releasedTime]));
      expect(Object.keys(one?.before ?? {})).toEqual(Object.keys(one?.after ?? {}));
      const changedAt = one?.changedAt.getTime() ?? 0;
      expect(Math.abs(changedAt - new Date(await cluster.now()).getTime())).toBeLessThan(60_000);
    });

    test('is told to the history by the name of the turn', async () => {
      const claim = await failStuck();
      const { config, strategy, holder, pass } = claim;
      await store().claims.release(claim, { empty: false, entry: anEntry({ config, strategy, holder }) });
      expect(await store().journal.read({ strategy })).toMatchObject([{ pass }]);
    });

    test('is kept by its key alone where it is deleted', async () => {
      await cluster.clear();
      await cluster.seed({
        jobs: [job(1, { state: 'COMPLETED', endTime: cluster.ago(90 * DAY) })],
        allocations: [allocation(11, 1, { status: 'RELEASED' })],
      });
      const { pass } = await deleteOld();
      const changes = await store().changes.read({ pass });
      expect(changes.map(({ rowId, jobId, before, after }) => ({ rowId, jobId, before, after }))).toEqual(
        expect.arrayContaining([
          { rowId: '1', jobId: '1', before: null, after: null },
          { rowId: '11', jobId: '1', before: null, after: null },
        ]),
      );
      expect(await store().changes.count({ pass })).toEqual({ rows: 2, deleted: 2, undone: 0 });
    });

    test('is given a page at a time, and of some jobs alone', async () => {
      const { pass } = await failStuck();
      const first = await store().changes.read({ pass, limit: 3 });
      const rest = await store().changes.read({ pass, limit: 3, after: first.at(-1) });
      expect(new Set(rowsIn([...first, ...rest])).size).toBe(4);
      expect(idsIn(await store().changes.read({ pass, jobs: ['2'] }))).toEqual(['2', '12']);
      expect(await store().changes.count({ pass, jobs: ['2', '99'] })).toEqual({ rows: 2, deleted: 0, undone: 0 });
    });

    test('is not kept where the claim says so, nor where there is none', async () => {
      const claim = await failStuck(store(), aRequest({ changes: false }));
      expect(await store().changes.count({ pass: claim.pass })).toEqual({ rows: 0, deleted: 0, undone: 0 });
      await cluster.clear();
      await seedStuck();
      const { repository, transaction, changes } = store();
      await transaction(async (session) => {
        await repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'too long');
      });
      expect((await changes.count({ pass: claim.pass })).rows).toBe(0);
    });

    if (transactions)
      test('is forgotten with a batch that is rolled back', async () => {
        const on = store();
        const claim = await claimed(on.claims, aRequest());
        const batch = inBatch(on, claim, async (session) => {
          await on.repository.markJobsAsFailed(session, await on.repository.getStuckJobs(session, 48), 'too long');
          throw new Error('stop');
        });
        await expect(batch).rejects.toThrow('stop');
        expect((await on.changes.count({ pass: claim.pass })).rows).toBe(0);
      });

    test('is pruned when it is old enough, and not before', async () => {
      const claim = await failStuck(store(), aRequest({ config: 'pruned' }));
      const { changes } = store();
      expect(await changes.prune({ config: 'pruned', maxAgeDays: 1, limit: 100 })).toBe(0);
      expect(await changes.prune({ config: 'another', maxAgeDays: 1e-9, limit: 100 })).toBe(0);
      expect(await changes.prune({ config: 'pruned', maxAgeDays: 1e-9, limit: 3 })).toBe(3);
      expect((await changes.count({ pass: claim.pass })).rows).toBe(1);
    });

    test.each([{ pass: '' }, { pass: 'x' }, { pass: PASS, limit: 0 }, { pass: PASS, after: { id: 'y' } }])(
      'is not read with %o',
      async (options) => {
        await expect(store().changes.read(options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      },
    );
  });
}

const valuesOf = (values: Change['before'] | undefined) => Object.values(values ?? {});
