import { afterEach } from 'vitest';
import type { Cluster } from '../../support/cluster.js';

const FOREIGN_KEY_VIOLATION = '23503';

interface Statements {
  readonly sql: readonly string[];
}

/** The rest of the cluster: a connection of its own that acts when it is told to. */
export interface OtherSide {
  /** Acts and leaves its transaction open. */
  begin(action: Statements): Promise<void>;
  end(how: 'commit' | 'rollback'): Promise<void>;
  /** Acts in a transaction of its own. Resolves to `refused` when the foreign key forbids it. */
  act(action: Statements): Promise<'done' | 'refused'>;
}

export function useOtherSide(cluster: Cluster): OtherSide {
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
  };
}
