import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { actions } from './support/actions.js';
import { NEVER_WAITING } from './support/never-waiting.js';
import { expected, operations } from './support/operations.js';
import { useOtherSide } from './support/other-side.js';
import { readBack, seed } from './support/snapshot.js';

const cluster = useCluster();
const other = useOtherSide(cluster);

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
      await seed(cluster.sql, tables);
      const { repository, transaction } = cluster.store(NEVER_WAITING);

      const said = await transaction(async (session) => {
        const write = await operation.read(repository, session);
        expect(await other.act(action)).toBe('done');
        return write();
      });

      expect(await readBack(cluster.sql)).toEqual(after);
      expect(said).toMatchObject({ changed, contended: [] });
      expect(said.returned).toEqual(typeof said.returned === 'number' ? changed.length : changed);
    });
  }
});
