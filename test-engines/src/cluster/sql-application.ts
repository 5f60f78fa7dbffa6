import type { Application, OtherSide } from '@jobsweep/contract';
import type { Plain } from './plain.js';
import type { SqlRows } from './sql-rows.js';

/** One connection of the application. */
export function sqlApplication(sql: Plain, rows: SqlRows): Application {
  return {
    async act(action) {
      try {
        return await rows.act(action);
      } catch (error) {
        if (sql.isRefusal(error)) return 'refused';
        throw error;
      }
    },
    lock: (table, id) => rows.lock(table, id),
    find: (jobIds) => rows.read(jobIds),
    async transaction(work) {
      for (;;) {
        await sql.query('begin');
        try {
          const result = await work();
          await sql.query('commit');
          return result;
        } catch (error) {
          await sql.query('rollback');
          if (!sql.isConflict(error)) throw error;
        }
      }
    },
    close: () => sql.close(),
  };
}

/** A connection whose transactions the suite begins and ends; `observer` asks the server about it. */
export function sqlOtherSide(sql: Plain, rows: SqlRows, observer: Plain): OtherSide {
  const application = sqlApplication(sql, rows);
  const connectionId = sql.id();
  return {
    act: (action) => application.act(action),
    lock: (table, id) => application.lock(table, id),
    async begin() {
      await sql.query('begin');
    },
    async end(how) {
      await sql.query(how);
    },
    isBlocked: async () => observer.isWaiting(await connectionId),
  };
}
