import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { actions } from './actions.js';
import { NEVER_WAITING } from './never-waiting.js';
import { expected, operations } from './operations.js';
import { otherSide } from './other-side.js';
import { readBack, seed } from './snapshot.js';

export function describeChangedBetweenReadAndWrite<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const other = otherSide(cluster);

  describe.each(operations)('$name, when between the read and the write', (operation) => {
    const { tables } = operation;
    const races = actions.flatMap((action) => {
      const between = action.makes(tables);
      if (between === 'refused' || between === tables) return [];
      const ending = operation.isDue(between, '1') ? 'repairs what is still due' : 'leaves the job alone';
      return [{ action, title: `${action.what}, ${ending}`, ...expected(operation, between) }];
    });

    for (const { title, action, after, changed } of races) {
      test(title, async () => {
        await seed(cluster, tables);
        const { repository, transaction } = cluster.store(NEVER_WAITING);

        const said = await transaction(async (session) => {
          const write = await operation.read(repository, session);
          expect(await other.act(action)).toBe('done');
          return write();
        });

        expect(await readBack(cluster)).toEqual(after);
        expect(said).toMatchObject({ changed, contended: [] });
        expect(said.returned).toEqual(typeof said.returned === 'number' ? changed.length : changed);
      });
    }
  });
}
