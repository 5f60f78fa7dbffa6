import type { Application, Change, Columns, OtherSide } from '@jobsweep/contract';
import { type Client, DatabaseError } from 'pg';
import { COLUMNS, columnsIn, insert, readAll, TABLES } from './tables.js';

const FOREIGN_KEY_VIOLATION = '23503';
const CONFLICTS: readonly unknown[] = ['40001', '40P01'];

/** The rest of the cluster: a plain connection that knows nothing of jobsweep. */
export function applicationOn(client: Client): Application {
  return {
    async act(action) {
      try {
        return 'insert' in action ? await insert(client, action.table, [action.insert]) : await change(client, action);
      } catch (error) {
        if (codeOf(error) === FOREIGN_KEY_VIOLATION) return 'refused';
        throw error;
      }
    },
    async lock(table, id) {
      const { rowCount } = await client.query(`select from ${TABLES[table]} where id = $1 for update`, [id]);
      return rowCount === 1;
    },
    find: (jobIds) => readAll(client, jobIds),
    async transaction(work) {
      for (;;) {
        await client.query('begin');
        try {
          const result = await work();
          await client.query('commit');
          return result;
        } catch (error) {
          await client.query('rollback');
          if (!CONFLICTS.includes(codeOf(error))) throw error;
        }
      }
    },
    close: () => client.end(),
  };
}

/**
 * The connection whose transactions the suite holds open.
 *
 * @param observer asks the server whether it waits, while it does.
 */
export async function otherSideOn(client: Client, observer: Client): Promise<OtherSide> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const waiting = "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'";
  return {
    ...applicationOn(client),
    async begin() {
      await client.query('begin');
    },
    async end(how) {
      await client.query(how);
    },
    isBlocked: async () => (await observer.query(waiting, [rows[0]?.pid])).rowCount === 1,
  };
}

const codeOf = (error: unknown) => (error instanceof DatabaseError ? error.code : undefined);

async function change(client: Client, { table, where, unless = {}, set }: Change): Promise<number> {
  const values: unknown[] = [];
  const each = (columns: Columns, operator: string) =>
    columnsIn(columns).map((column) => {
      const { name, type } = COLUMNS[column];
      return `${name} ${operator} $${values.push(columns[column])}::${type}`;
    });
  const head =
    set === 'delete' ? `delete from ${TABLES[table]}` : `update ${TABLES[table]} set ${each(set, '=').join(', ')}`;
  const conditions = [...each(where, 'is not distinct from'), ...each(unless, 'is distinct from')];
  return (await client.query(`${head} where ${conditions.join(' and ') || 'true'}`, values)).rowCount ?? 0;
}
