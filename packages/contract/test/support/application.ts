import { isJobsweepError } from '@jobsweep/core';
import type { MemoryDatabase, MemorySession, MemoryValue } from '@jobsweep/core/memory';
import type { Application, Change, Columns, Insertion, OtherSide } from '../../src/index.js';
import { toMemory, toTables } from './columns.js';
import { anotherTurn } from './turns.js';

/** One connection to a database in memory: its open transaction, or one for each statement. */
class Connection {
  private open: MemorySession | undefined;

  constructor(readonly database: MemoryDatabase) {}

  begin(): void {
    this.open = this.database.begin();
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const ended = this.open;
    this.open = undefined;
    await ended?.[how]();
  }

  async run<Result>(statement: (session: MemorySession) => Promise<Result>): Promise<Result> {
    await anotherTurn();
    return this.open === undefined ? this.database.transaction(statement) : statement(this.open);
  }

  isWaiting(): boolean {
    return this.open?.isWaiting ?? false;
  }
}

function applicationOn(connection: Connection): Pick<Application, 'act' | 'lock' | 'find'> {
  const { database } = connection;
  return {
    async act(action) {
      try {
        return await connection.run((session) => act(session, database, action));
      } catch (error) {
        if (isJobsweepError(error, 'ROW_REJECTED')) return 'refused';
        throw error;
      }
    },
    async lock(table, id) {
      return (await connection.run((session) => session.lock(table, (row) => row.id === id))).length > 0;
    },
    find: (jobIds) =>
      connection.run((session) =>
        session.select((view) =>
          toTables((table) => view.rows(table, (row) => jobIds.includes(`${table === 'jobs' ? row.id : row.jobId}`))),
        ),
      ),
  };
}

/** The application, on a connection of its own. */
export function memoryApplication(database: MemoryDatabase): Application {
  const connection = new Connection(database);
  return {
    ...applicationOn(connection),
    async transaction(work) {
      for (;;) {
        connection.begin();
        try {
          const result = await work();
          await connection.end('commit');
          return result;
        } catch (error) {
          await connection.end('rollback');
          if (!isJobsweepError(error, 'CONFLICT')) throw error;
        }
      }
    },
    close: () => connection.end('rollback'),
  };
}

/** A connection whose transactions the suite begins and ends. */
export function memoryOtherSide(database: MemoryDatabase): OtherSide {
  const connection = new Connection(database);
  return {
    ...applicationOn(connection),
    begin: async () => connection.begin(),
    end: (how) => connection.end(how),
    async isBlocked() {
      await anotherTurn();
      return connection.isWaiting();
    },
  };
}

async function act(session: MemorySession, database: MemoryDatabase, action: Change | Insertion): Promise<number> {
  const { table } = action;
  if ('insert' in action) {
    await session.insert(table, { id: '', ...toMemory(database, action.insert) });
    return 1;
  }
  const where = equalsAll(database, action.where);
  const spared = equalsAny(database, action.unless ?? {});
  const matches = (row: Readonly<Record<string, MemoryValue>>) => where(row) && !spared(row);
  const { set } = action;
  if (set === 'delete') return (await session.delete(table, matches)).length;
  return (await session.update(table, matches, toMemory(database, set))).length;
}

type Matches = (row: Readonly<Record<string, MemoryValue>>) => boolean;

function equalsAll(database: MemoryDatabase, columns: Columns): Matches {
  const wanted = Object.entries(toMemory(database, columns));
  return (row) => wanted.every(([column, value]) => (row[column] ?? null) === value);
}

function equalsAny(database: MemoryDatabase, columns: Columns): Matches {
  const wanted = Object.entries(toMemory(database, columns));
  return (row) => wanted.some(([column, value]) => (row[column] ?? null) === value);
}
