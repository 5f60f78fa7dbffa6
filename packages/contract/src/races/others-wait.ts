import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { actions, isContended } from './actions.js';
import { endingIn, NEVER_WAITING } from './never-waiting.js';
import { expected, operations } from './operations.js';
import { otherSide } from './other-side.js';
import { readBack, seed } from './snapshot.js';

export function describeOthersWait<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const other = otherSide(cluster);

  describe.each(operations)('$name, done and not yet committed,', (operation) => {
    const { tables, locks } = operation;
    const ours = expected(operation, tables);
    const races = actions.flatMap((action) => {
      if (action.makes(tables) === tables) return [];
      const hasToWait = isContended(action, locks, cluster.capabilities);
      return (['commit', 'rollback'] as const).map((how) => {
        const before = how === 'commit' ? ours.after : tables;
        const after = action.makes(before);
        const title = `${hasToWait ? 'holds up' : 'does not hold up'} that ${action.what}; then comes the ${how}`;
        return { action, how, hasToWait, before, after, title };
      });
    });

    for (const { title, action, how, hasToWait, before, after } of races) {
      test(title, async () => {
        await seed(cluster, tables);
        const store = cluster.store(NEVER_WAITING);
        let reaction: Promise<string> | undefined;

        await endingIn(how, store, async (session) => {
          const write = await operation.read(store.repository, session);
          expect(await write(session)).toMatchObject({ changed: ours.changed, contended: [] });
          reaction = other.act(action);
          expect(await other.waits(reaction)).toBe(hasToWait);
        });

        expect(await reaction).toBe(after === 'refused' ? 'refused' : 'done');
        expect(await readBack(cluster)).toEqual(after === 'refused' ? before : after);
      });
    }
  });
}
