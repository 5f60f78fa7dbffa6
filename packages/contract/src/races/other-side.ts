import type { ClusterUnderTest } from '../support/under-test.js';
import type { Action } from './actions.js';

const SEEN_WITHIN_MS = 10_000;

/** The rest of the cluster: a connection of its own that acts when it is told to. */
export interface RaceSide {
  /** Acts and leaves its transaction open. */
  begin(action: Pick<Action, 'does'>): Promise<'done' | 'refused'>;
  end(how: 'commit' | 'rollback'): Promise<void>;
  /** Acts in a transaction of its own. Resolves to `refused` when the foreign key forbids it. */
  act(action: Pick<Action, 'does'>): Promise<'done' | 'refused'>;
  /** Whether what it does now waits for a lock: asks the server until it waits or is done. */
  waits(reaction: Promise<unknown>): Promise<boolean>;
}

export function otherSide<Session extends object>(cluster: ClusterUnderTest<Session>): RaceSide {
  const begin = async ({ does }: Pick<Action, 'does'>) => {
    await cluster.second.begin();
    for (const each of does(cluster.precisionMicros)) {
      if ((await cluster.second.act(each)) === 'refused') return 'refused';
    }
    return 'done';
  };
  return {
    begin,
    end: (how) => cluster.second.end(how),
    async act(action) {
      const outcome = await begin(action);
      await cluster.second.end(outcome === 'done' ? 'commit' : 'rollback');
      return outcome;
    },
    async waits(reaction) {
      const progress = { isOver: false };
      const isOver = () => {
        progress.isOver = true;
      };
      reaction.then(isOver, isOver);
      const deadline = performance.now() + SEEN_WITHIN_MS;
      while (performance.now() < deadline) {
        if (await cluster.second.isBlocked()) return true;
        if (progress.isOver) return false;
      }
      throw new Error('The other side neither waits nor is done');
    },
  };
}
