import { describe, expect, test } from 'vitest';
import type { Change } from '../cluster.js';
import { endingIn, NEVER_WAITING } from '../races/never-waiting.js';
import { otherSide } from '../races/other-side.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { changingTurns, idsIn } from './changing-turns.js';

const RESTART: Change = {
  table: 'jobs',
  where: { id: '1' },
  set: { state: 'RUNNING', startTime: 'now', endTime: null },
};
const MOVED = { status: 'RESERVED' };
const MOVE: Change = { table: 'allocations', where: { id: '11' }, set: MOVED };

const ROWS = [
  { what: 'the job', id: '1', change: RESTART },
  { what: 'the allocation', id: '11', change: MOVE },
] as const;

/** Each step of an undo against an application that holds the row, or waits for it. */
export function describeHeldUndo<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { mapping, ownTables, skipsLocked } = cluster.capabilities;
  if (mapping === false || !ownTables || !skipsLocked) return;
  const { failStuck, undoable, seedStuck } = changingTurns(cluster);
  const other = otherSide(cluster);
  const store = () => cluster.store({ ...NEVER_WAITING, schema: { allocations: { columns: { resource: 'note' } } } });
  const putBack = async (pass: string) => {
    const on = store();
    const changes = await undoable(on, { pass });
    return on.transaction((session) => on.changes.putBack(session, changes));
  };

  describe.each(ROWS)('an undo, where the application holds $what', ({ id, change }) => {
    test('waits for nobody, and puts it back with the next try once that is rolled back', async () => {
      await seedStuck();
      const before = await cluster.read();
      const { pass } = await failStuck(store());
      await other.begin({ does: () => [change] });
      const outcome = await putBack(pass);
      await other.end('rollback');
      expect(idsIn(outcome.contended)).toContain(id);
      expect(outcome.left).toEqual([]);
      expect((await putBack(pass)).left).toEqual([]);
      expect(await cluster.read()).toEqual(before);
    });

    test('leaves it with the next try once that is committed', async () => {
      await seedStuck();
      const { pass } = await failStuck(store());
      await other.begin({ does: () => [change] });
      const outcome = await putBack(pass);
      await other.end('commit');
      const after = await cluster.read();
      expect(idsIn(outcome.contended)).toContain(id);
      const next = await putBack(pass);
      expect(next.left.map(({ change: { rowId }, reason }) => `${rowId} ${reason}`)).toContain(`${id} moved`);
      expect([(await cluster.read()).jobs[0], (await cluster.read()).allocations[0]]).toEqual([
        id === '1' ? after.jobs[0] : expect.objectContaining({ state: 'RUNNING' }),
        after.allocations[0],
      ]);
    });
  });

  describe.each(ROWS)('an undo that is done and not yet committed', ({ what, change }) => {
    test.each(['commit', 'rollback'] as const)(`holds up whoever changes ${what}; then comes the %s`, async (how) => {
      await seedStuck();
      const before = await cluster.read();
      const on = store();
      const { pass } = await failStuck(on);
      const failed = await cluster.read();
      const changes = await undoable(on, { pass });
      let reaction: Promise<unknown> | undefined;
      await endingIn(how, on, async (session) => {
        expect((await on.changes.putBack(session, changes)).undone).toHaveLength(4);
        reaction = other.act({ does: () => [change] });
        expect(await other.waits(reaction)).toBe(true);
      });
      await reaction;
      const { jobs, allocations } = how === 'commit' ? before : failed;
      const now = await cluster.read();
      const isOfJobs = change === RESTART;
      expect(now.jobs.slice(1)).toEqual(jobs.slice(1));
      expect(now.allocations.slice(1)).toEqual(allocations.slice(1));
      expect(isOfJobs ? now.allocations : now.jobs).toEqual(isOfJobs ? allocations : jobs);
      expect(now[change.table]?.[0]).toMatchObject(isOfJobs ? { state: 'RUNNING' } : MOVED);
    });
  });
}
