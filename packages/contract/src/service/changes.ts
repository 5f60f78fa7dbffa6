import type { Change, Claim, CleanupStore, PutBack } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { allocation, job } from '../support/rows.js';
import { DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { anEntry } from './entries.js';
import { aRequest, claimed } from './turns.js';

/** The form of a turn's name. */
const PASS = '0'.repeat(20);

/** What turns have changed, row by row, and how it is taken back. */
export function describeChanges<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { mapping, skipsLocked, transactions } = cluster.capabilities;
  const store = () => cluster.store();
  /** One that is told what allocations hold. */
  const knowing = () => cluster.store({ schema: { allocations: { columns: { resource: 'note' } } } });

  const inBatch = <Result>(
    { claims, transaction }: CleanupStore<Session>,
    claim: Claim,
    work: (session: Session) => Promise<Result>,
  ) =>
    transaction(async (session) => {
      await claims.hold(session, claim);
      return work(session);
    });

  /** Fails the stuck jobs, and releases what they hold, in a turn of its own. */
  const failStuck = async (on = store(), request = aRequest()) => {
    const claim = await claimed(on.claims, request);
    await inBatch(on, claim, async (session) => {
      const { repository } = on;
      const jobs = await repository.getStuckJobs(session, 48);
      const failed = await repository.markJobsAsFailed(session, jobs, 'too long', '-2:0');
      await repository.releaseResourcesForJobs(session, failed);
    });
    return claim;
  };
  /** Deletes the old jobs. */
  const deleteOld = async (on = store()) => {
    const claim = await claimed(on.claims, aRequest());
    await inBatch(on, claim, async (session) => {
      await on.repository.deleteJobsBatch(session, await on.repository.getOldJobs(session, 30));
    });
    return claim;
  };
  const undoable = (on: CleanupStore<Session>, { pass }: Claim) =>
    on.transaction((session) => on.changes.getUndoable(session, { pass }, { limit: 100 }));
  const putBack = async (claim: Claim, on = store(), dryRun = false): Promise<PutBack> => {
    const changes = await undoable(on, claim);
    return on.transaction((session) => on.changes.putBack(session, changes, { dryRun }), { readOnly: dryRun });
  };
  const rowsIn = (changes: readonly Change[]) => changes.map(({ table, rowId }) => `${table}/${rowId}`).sort();
  const reasons = ({ left }: PutBack) => left.map(({ change: { rowId }, reason }) => `${rowId} ${reason}`).sort();

  const seedStuck = () =>
    cluster.seed({
      jobs: [
        job(1, { startTime: cluster.ago(3 * DAY), errorMsg: 'slow' }),
        job(2, { startTime: cluster.ago(4 * DAY) }),
        job(3, { startTime: 'now' }),
      ],
      allocations: [
        allocation(11, 1, { allocationTime: cluster.ago(3 * DAY), note: 'gpu-1' }),
        allocation(12, 2, { allocationTime: cluster.ago(3 * DAY), status: 'RESERVED', note: 'gpu-2' }),
        allocation(13, 3, { note: 'gpu-3' }),
      ],
    });

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

  describe('what a turn has changed', () => {
    beforeEach(seedStuck);

    test('is put back, and is noted', async () => {
      const before = await cluster.read();
      const claim = await failStuck();
      const outcome = await putBack(claim);
      expect(idsIn(outcome.undone)).toEqual(['1', '2']);
      expect((await cluster.read()).jobs).toEqual(before.jobs);
      expect(await store().changes.count({ pass: claim.pass })).toMatchObject({ rows: 4, undone: 2 });
      expect(idsIn(await undoable(store(), claim))).toEqual(['11', '12']);
    });

    test('is no more than looked at in a dry run', async () => {
      const claim = await failStuck();
      const tried = async () => {
        const outcome = await putBack(claim, store(), true);
        expect(idsIn(outcome.undone)).toEqual(['1', '2']);
        expect(reasons(outcome)).toEqual(['11 resourceUnknown', '12 resourceUnknown']);
      };
      expect(await changesOf(cluster, tried)).toEqual({});
      expect(await store().changes.count({ pass: claim.pass })).toMatchObject({ undone: 0 });
    });

    test('stays where the row has moved on, or is gone', async () => {
      const claim = await failStuck();
      await cluster.second.act({ table: 'jobs', where: { id: '1' }, set: { state: 'COMPLETED' } });
      await cluster.second.act({ table: 'allocations', where: { jobId: '2' }, set: 'delete' });
      await cluster.second.act({ table: 'jobs', where: { id: '2' }, set: 'delete' });
      const changes = await changesOf(cluster, async () => {
        const outcome = await putBack(claim);
        expect(outcome.undone).toEqual([]);
        expect(reasons(outcome).slice(0, 1)).toEqual(['1 moved']);
        expect(reasons(outcome)).toContain('2 gone');
      });
      expect(changes).toEqual({});
    });

    if (skipsLocked)
      test('is left for another try where others hold the row', async () => {
        const claim = await failStuck();
        await cluster.second.begin();
        await cluster.second.lock('jobs', '1');
        const outcome = await putBack(claim);
        await cluster.second.end('rollback');
        expect(idsIn(outcome.contended)).toContain('1');
        expect(idsIn(outcome.undone)).toEqual(['2']);
        expect(idsIn((await putBack(claim)).undone)).toEqual(['1']);
      });

    if (mapping === false) return;

    test('gives allocations back with the resource that nobody else holds', async () => {
      const before = await cluster.read();
      const claim = await failStuck(knowing());
      await cluster.second.act({
        table: 'allocations',
        insert: { id: '14', jobId: '3', status: 'RESERVED', note: 'gpu-2' },
      });
      const outcome = await putBack(claim, knowing());
      expect(idsIn(outcome.undone)).toEqual(['1', '2', '11']);
      expect(reasons(outcome)).toEqual(['12 resourceHeld']);
      const { allocations } = await cluster.read();
      expect(allocations[0]).toEqual(before.allocations[0]);
      expect(allocations.map(({ status }) => status)).toEqual(['ALLOCATED', 'RELEASED', 'ALLOCATED', 'RESERVED']);
    });

    test('gives a resource to one of those that held it', async () => {
      await cluster.second.act({ table: 'allocations', where: { id: '12' }, set: { note: 'gpu-1' } });
      const claim = await failStuck(knowing());
      const outcome = await putBack(claim, knowing());
      expect(idsIn(outcome.undone).slice(0, 2)).toEqual(['1', '2']);
      expect(outcome.undone).toHaveLength(3);
      expect(outcome.left.map(({ reason }) => reason)).toEqual(['resourceHeld']);
    });

    test('gives nothing back of an allocation that does not say what it held', async () => {
      await cluster.second.act({ table: 'allocations', where: { id: '12' }, set: { note: null } });
      const claim = await failStuck(knowing());
      const outcome = await putBack(claim, knowing());
      expect(idsIn(outcome.undone)).toEqual(['1', '2', '11']);
      expect(reasons(outcome)).toEqual(['12 resourceUnset']);
    });

    test('is changed again where its undo is taken back', async () => {
      const on = knowing();
      const claim = await failStuck(on);
      const failed = await cluster.read();
      const undo = await claimed(on.claims, aRequest());
      const changes = await undoable(on, claim);
      await inBatch(on, undo, (session) => on.changes.putBack(session, changes));
      const ofJob = await on.changes.read({ pass: undo.pass, jobs: ['1'] });
      expect(idsIn(ofJob)).toEqual(['1', '11']);
      const outcome = await putBack(undo, on);
      expect(idsIn(outcome.undone)).toEqual(['1', '2', '11', '12']);
      expect(await cluster.read()).toEqual(failed);
    });

    test('is judged with its job in a dry run, which puts none back', async () => {
      const on = knowing();
      const changes = await undoable(on, await failStuck(on));
      const ofAllocations = changes.filter(({ rowId }) => rowId.length === 2);
      const judge = () =>
        on.transaction((session) => on.changes.putBack(session, ofAllocations, { dryRun: true }), { readOnly: true });
      expect(idsIn((await judge()).undone)).toEqual(['11', '12']);
      await cluster.second.act({ table: 'jobs', where: { id: '1' }, set: { state: 'RUNNING', startTime: 'now' } });
      expect(reasons(await judge())).toEqual(['11 jobMoved']);
    });

    test('gives no allocation back whose job has moved on', async () => {
      const claim = await failStuck(knowing());
      await cluster.second.act({ table: 'jobs', where: { id: '1' }, set: { state: 'RUNNING', startTime: 'now' } });
      const outcome = await putBack(claim, knowing());
      expect(idsIn(outcome.undone)).toEqual(['2', '12']);
      expect(reasons(outcome)).toEqual(['1 moved', '11 jobMoved']);
    });

    test('gives back what its finished job has leaked, as long as that is finished', async () => {
      await cluster.clear();
      await cluster.seed({
        jobs: [job(1, { state: 'COMPLETED', endTime: 'now' }), job(2, { state: 'FAILED', endTime: 'now' })],
        allocations: [allocation(11, 1, { note: 'gpu-1' }), allocation(12, 2, { note: 'gpu-2' })],
      });
      const on = knowing();
      const claim = await claimed(on.claims, aRequest());
      await inBatch(on, claim, async (session) => {
        const due = await on.repository.getCompletedJobsWithUnreleasedResources(session);
        await on.repository.releaseResourcesForCompletedJobs(session, due);
      });
      await cluster.second.act({ table: 'jobs', where: { id: '2' }, set: { state: 'RUNNING' } });
      const outcome = await putBack(claim, on);
      expect(idsIn(outcome.undone)).toEqual(['11']);
      expect(reasons(outcome)).toEqual(['12 jobMoved']);
    });

    test('gives an allocation back whose job came back before', async () => {
      const claim = await failStuck(knowing());
      const on = knowing();
      const changes = await undoable(on, claim);
      const part = (table: RegExp) =>
        on.transaction((session) =>
          on.changes.putBack(
            session,
            changes.filter((change) => table.test(change.rowId)),
          ),
        );
      expect(reasons(await part(/^1.$/))).toEqual(['11 jobMoved', '12 jobMoved']);
      expect((await part(/^.$/)).undone).toHaveLength(2);
      expect(idsIn((await part(/^1.$/)).undone)).toEqual(['11', '12']);
    });
  });
}

/** In the order of their numbers: that of the changes is up to the server. */
const idsIn = (changes: readonly Change[]) =>
  changes.map(({ rowId }) => rowId).sort((one, other) => Number(one) - Number(other));

const valuesOf = (values: Change['before'] | undefined) => Object.values(values ?? {});
