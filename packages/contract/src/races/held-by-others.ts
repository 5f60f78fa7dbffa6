import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { actions } from './actions.js';
import { NEVER_WAITING } from './never-waiting.js';
import { expected, operations } from './operations.js';
import { otherSide } from './other-side.js';
import { readBack, seed } from './snapshot.js';

export function describeHeldByOthers<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const other = otherSide(cluster);

  describe.each(operations)('$name, while another transaction has not committed that', (operation) => {
    const { tables, locks } = operation;
    const races = actions.flatMap((action) => {
      if (action.makes(tables) === tables) return [];
      const isHeld = action.locks.some((row) => locks.includes(row));
      const ours = expected(operation, tables, isHeld ? ['1'] : []);
      return (['commit', 'rollback'] as const).map((how) => {
        const after = how === 'commit' ? action.makes(ours.after) : ours.after;
        const title = `${action.what}, ${isHeld ? 'leaves the job to the next pass' : 'goes on'}; then comes the ${how}`;
        return { ...ours, action, how, after, title };
      });
    });

    for (const { title, action, how, after, changed, contended } of races) {
      test(title, async () => {
        await seed(cluster, tables);
        const { repository, transaction } = cluster.store(NEVER_WAITING);

        await other.begin(action);
        const said = await transaction(async (session) => (await operation.read(repository, session))());
        await other.end(how);

        expect(await readBack(cluster)).toEqual(after);
        expect(said).toMatchObject({ changed, contended });
        expect(said.returned).toEqual(typeof said.returned === 'number' ? changed.length : changed);
      });
    }
  });
}
