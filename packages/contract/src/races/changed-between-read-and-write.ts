import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { actions, isContended } from './actions.js';
import { NEVER_WAITING } from './never-waiting.js';
import { expected, operations } from './operations.js';
import { otherSide } from './other-side.js';
import { readBack, seed } from './snapshot.js';

export function describeChangedBetweenReadAndWrite<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const other = otherSide(cluster);
  const { skipsLocked, transactions } = cluster.capabilities;

  describe.each(operations)('$name, when between the read and the write', (operation) => {
    const { tables } = operation;
    const races = actions.flatMap((action) => {
      const between = action.makes(tables);
      if (between === 'refused' || between === tables) return [];
      const ending = operation.isDue(between, '1') ? 'repairs what is still due' : 'leaves the job alone';
      return [{ action, between, title: `${action.what}, ${ending}`, ...expected(operation, between) }];
    });

    for (const { title, action, after, changed } of races) {
      test(title, async () => {
        await seed(cluster, tables);
        const { repository, transaction } = cluster.store(NEVER_WAITING);

        const said = await transaction(async (session) => {
          const write = await operation.read(repository, session);
          // Where a transaction goes on seeing what it saw first, rows are read in one and written in the next.
          if (!skipsLocked) return write;
          expect(await other.act(action)).toBe('done');
          return write(session);
        }).then(async (result) => {
          if (typeof result !== 'function') return result;
          expect(await other.act(action)).toBe('done');
          return transaction(result);
        });

        expect(await readBack(cluster)).toEqual(after);
        expect(said).toMatchObject({ changed, contended: [] });
        expect(said.returned).toEqual(typeof said.returned === 'number' ? changed.length : changed);
      });
    }

    if (skipsLocked || !transactions) return;
    for (const { action, between } of races) {
      const isEnded = isContended(action, operation.locks, { skipsLocked });
      const title = isEnded ? 'the transaction ends in a CONFLICT' : 'goes on';
      test(`of one transaction ${action.what}, ${title}`, async () => {
        await seed(cluster, tables);
        const { repository, transaction } = cluster.store(NEVER_WAITING);

        const outcome = transaction(async (session) => {
          const write = await operation.read(repository, session);
          expect(await other.act(action)).toBe('done');
          return write(session);
        });

        if (isEnded) await expect(outcome).rejects.toMatchObject({ code: 'CONFLICT' });
        else await outcome;
        const ours = expected(operation, tables).after;
        expect(await readBack(cluster)).toEqual(isEnded ? between : action.makes(ours));
      });
    }
  });
}
