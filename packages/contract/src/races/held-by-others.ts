import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { actions, isContended } from './actions.js';
import { NEVER_WAITING } from './never-waiting.js';
import { expected, operations } from './operations.js';
import { otherSide } from './other-side.js';
import { readBack, seed } from './snapshot.js';

export function describeHeldByOthers<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const other = otherSide(cluster);
  const { skipsLocked } = cluster.capabilities;
  const whenHeld = skipsLocked ? 'leaves the job to the next pass' : 'gives up the whole batch';

  describe.each(operations)('$name, while another transaction has not committed that', (operation) => {
    const { tables, locks } = operation;
    const races = actions.flatMap((action) => {
      if (action.makes(tables) === tables) return [];
      const isHeld = isContended(action, locks, { skipsLocked });
      const isGivenUp = isHeld && !skipsLocked;
      const ours = expected(operation, tables, isGivenUp ? ['1', '2'] : isHeld ? ['1'] : []);
      return (['commit', 'rollback'] as const).map((how) => {
        const after = how === 'commit' ? action.makes(ours.after) : ours.after;
        const title = `${action.what}, ${isHeld ? whenHeld : 'goes on'}; then comes the ${how}`;
        return { ...ours, action, how, after, title, isGivenUp };
      });
    });

    for (const { title, action, how, after, changed, contended, isGivenUp } of races) {
      test(title, async () => {
        await seed(cluster, tables);
        const { repository, transaction } = cluster.store(NEVER_WAITING);
        const run = () => transaction(async (session) => (await operation.read(repository, session))(session));

        await other.begin(action);
        const outcome = isGivenUp ? undefined : await run();
        if (isGivenUp) await expect(run()).rejects.toMatchObject({ code: 'CONFLICT' });
        await other.end(how);

        expect(await readBack(cluster)).toEqual(after);
        if (outcome === undefined) return;
        expect(outcome).toMatchObject({ changed, contended });
        expect(outcome.returned).toEqual(typeof outcome.returned === 'number' ? changed.length : changed);
      });
    }
  });
}
