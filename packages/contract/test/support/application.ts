import { isJobsweepError } from '@jobsweep/core';
import type { MemoryDatabase, MemorySession, MemoryValue } from '@jobsweep/core/memory';
import type { Application, Change, Columns, Insertion, OtherSide } from '../../src/index.js';
import type { Words } from './columns.js';
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

function applicationOn(connection: Connection, words: Words): Pick<Application, 'act' | 'lock' | 'find'> {
  return {
    async act(action) {
      try {
        return await connection.run((session) => act(session, words, action));
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
          words.toTables((table) =>
            view.rows(table, (row) => jobIds.includes(`${table === 'jobs' ? row.id : row.jobId}`)),
          ),
        ),
      ),
  };
}

/** The application, on a connection of its own. */
export function memoryApplication(words: Words): Application {
  const connection = new Connection(words.database);
  return {
    ...applicationOn(connection, words),
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
export function memoryOtherSide(words: Words): OtherSide {
  const connection = new Connection(words.database);
  return {
    ...applicationOn(connection, words),
    begin: async () => connection.begin(),
    end: (how) => connection.end(how),
    async isBlocked() {
      await anotherTurn();
      return connection.isWaiting();
    },
  };
}

async function act(session: MemorySession, words: Words, action: Change | Insertion): Promise<number> {
  const { table } = action;
  if ('insert' in action) {
    await session.insert(table, { id: '', ...words.toMemory(action.insert) });
    return 1;
  }
  const where = equalsAll(words, action.where);
  const spared = equalsAny(words, action.unless ?? {});
  const matches = (row: Readonly<Record<string, MemoryValue>>) => where(row) && !spared(row);
  const { set } = action;
  if (set === 'delete') return (await session.delete(table, matches)).length;
  return (await session.update(table, matches, words.toMemory(set))).length;
}

type Matches = (row: Readonly<Record<string, MemoryValue>>) => boolean;

function equalsAll(words: Words, columns: Columns): Matches {
  const wanted = Object.entries(words.toMemory(columns));
  return (row) => wanted.every(([column, value]) => (row[column] ?? null) === value);
}

function equalsAny(words: Words, columns: Columns): Matches {
  const wanted = Object.entries(words.toMemory(columns));
  return (row) => wanted.some(([column, value]) => (row[column] ?? null) === value);
}
