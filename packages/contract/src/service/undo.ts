import type { Claim, PutBack } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { allocation, job } from '../support/rows.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { changingTurns, idsIn } from './changing-turns.js';
import { aRequest, claimed } from './turns.js';

/** How what a turn has changed is taken back. */
export function describeUndo<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { mapping, skipsLocked } = cluster.capabilities;
  const store = () => cluster.store();
  /** One that is told what allocations hold. */
  const knowing = () => cluster.store({ schema: { allocations: { columns: { resource: 'note' } } } });
  const { inBatch, failStuck, undoable, seedStuck } = changingTurns(cluster);
  const putBack = async (claim: Claim, on = store(), dryRun = false): Promise<PutBack> => {
    const changes = await undoable(on, claim);
    return on.transaction((session) => on.changes.putBack(session, changes, { dryRun }), { readOnly: dryRun });
  };
  const reasons = ({ left }: PutBack) => left.map(({ change: { rowId }, reason }) => `${rowId} ${reason}`).sort();

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
