import { afterEach, beforeAll } from 'vitest';
import type { Cluster } from '../../support/cluster.js';
import type { Action } from './actions.js';

const SEEN_WITHIN_MS = 10_000;
const FOREIGN_KEY_VIOLATION = '23503';

type Statements = Pick<Action, 'sql'>;

/** The rest of the cluster: a connection of its own that acts when it is told to. */
export interface OtherSide {
  /** Acts and leaves its transaction open. */
  begin(action: Statements): Promise<void>;
  end(how: 'commit' | 'rollback'): Promise<void>;
  /** Acts in a transaction of its own. Resolves to `refused` when the foreign key forbids it. */
  act(action: Statements): Promise<'done' | 'refused'>;
  /** Whether what it does now waits for a lock: asks the server until it waits or is done. */
  waits(reaction: Promise<unknown>): Promise<boolean>;
}

export function useOtherSide(cluster: Cluster): OtherSide {
  let pid = 0;
  beforeAll(async () => {
    const { rows } = await cluster.other.query<{ pid: number }>('select pg_backend_pid() as pid');
    pid = rows[0]?.pid ?? 0;
  });
  // A test that failed in the middle leaves nothing locked for the next one.
  afterEach(async () => {
    await cluster.other.query('rollback');
  });

  const begin = async ({ sql }: Statements) => {
    await cluster.other.query('begin');
    for (const statement of sql) await cluster.other.query(statement);
  };
  const end = async (how: 'commit' | 'rollback') => {
    await cluster.other.query(how);
  };
  const isWaiting = async () => {
    const { rows } = await cluster.sql.query(
      "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
      [pid],
    );
    return rows.length > 0;
  };

  return {
    begin,
    end,
    async act(action) {
      try {
        await begin(action);
        await end('commit');
        return 'done';
      } catch (error) {
        await end('rollback');
        if ((error as { code?: string }).code === FOREIGN_KEY_VIOLATION) return 'refused';
        throw error;
      }
    },
    async waits(reaction) {
      const progress = { isOver: false };
      const isOver = () => {
        progress.isOver = true;
      };
      reaction.then(isOver, isOver);
      const deadline = performance.now() + SEEN_WITHIN_MS;
      while (performance.now() < deadline) {
        if (await isWaiting()) return true;
        if (progress.isOver) return false;
      }
      throw new Error('The other side neither waits nor is done');
    },
  };
}
