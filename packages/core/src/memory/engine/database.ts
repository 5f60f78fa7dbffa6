import { isoOf } from '../../driver/iso-text.js';
import { compareIds } from './ids.js';
import { Locks } from './locks.js';
import type { NewRow, OwnTableName, Rows, TableName } from './rows.js';
import { MemorySession, type SessionOptions } from './session.js';
import { noRows, type Tables } from './view.js';

/** Rows to add. */
export interface Seed {
  readonly jobs?: readonly NewRow<'jobs'>[];
  readonly allocations?: readonly NewRow<'allocations'>[];
}

/**
 * The two tables in memory, with transactions, row locks and a foreign key: what the strategies' rules are about, and
 * no database to install. jobsweep's own tables are in it once they were made. Any number of stores and of your own transactions share one.
 *
 * @example
 * const database = new MemoryDatabase();
 * await database.seed({ jobs: [{ id: '1', state: 'RUNNING', startTime: '2026-01-01T00:00:00Z' }] });
 */
export class MemoryDatabase {
  private readonly committed: Tables = noRows();
  private readonly ownTables = new Set<OwnTableName>();
  private readonly locks = new Locks();
  private lastNumber = 0;

  /** Begins a transaction at READ COMMITTED, to be ended by its `commit` or `rollback`. */
  begin(options?: SessionOptions): MemorySession {
    return new MemorySession(this.committed, this.locks, options);
  }

  /** Runs `work` in a transaction and commits; rolls back when it rejects. */
  async transaction<Result>(
    work: (session: MemorySession) => Promise<Result>,
    options?: SessionOptions,
  ): Promise<Result> {
    const session = this.begin(options);
    try {
      const result = await work(session);
      await session.commit();
      return result;
    } catch (error) {
      await session.rollback();
      throw error;
    }
  }

  /** Adds rows, jobs first. */
  async seed({ jobs = [], allocations = [] }: Seed): Promise<void> {
    await this.transaction(async (session) => {
      for (const job of jobs) await session.insert('jobs', job);
      for (const allocation of allocations) await session.insert('allocations', allocation);
    });
  }

  /** What is committed, ordered by id. */
  rows<Name extends TableName>(table: Name): Rows[Name][] {
    return [...this.committed[table].values()].sort((one, other) => compareIds(one.id, other.id));
  }

  /** Makes one of jobsweep's own tables. Returns `false` when it is there already. */
  createTable(table: OwnTableName): boolean {
    if (this.ownTables.has(table)) return false;
    this.ownTables.add(table);
    return true;
  }

  /** Drops one of jobsweep's own tables with its rows, if it is there. */
  dropTable(table: OwnTableName): void {
    this.ownTables.delete(table);
    this.committed[table].clear();
  }

  hasTable(table: OwnTableName): boolean {
    return this.ownTables.has(table);
  }

  /** A whole number that it never gave before, and larger than those. */
  nextNumber(): number {
    this.lastNumber += 1;
    return this.lastNumber;
  }

  /** Its own clock, to the microsecond. As on a server, nobody sets it by setting the clock of a process. */
  now(): string {
    return isoOf(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)));
  }
}
