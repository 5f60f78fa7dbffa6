import { JobsweepError } from '../../errors.js';
import { IdleLimit } from './idle-limit.js';
import { compareIds } from './ids.js';
import type { LockMode, Locks } from './locks.js';
import type { Inputs, NewRow, Rows, TableName } from './rows.js';
import { changedRow, newRow } from './values.js';
import { type Changes, noRows, type Tables, View } from './view.js';

/** How one transaction runs. */
export interface SessionOptions {
  /** Every write is refused. Default: `false`. */
  readonly readOnly?: boolean;
  /** A statement may wait this long for a lock. Default: without end. */
  readonly lockTimeoutSeconds?: number;
  /** The transaction is rolled back when it has no statement for so long. Default: never. */
  readonly idleTimeoutSeconds?: number;
}

/**
 * One open transaction at READ COMMITTED: each statement sees what is committed at its start, and what its own
 * transaction has written. Whoever changes a row locks it until the transaction ends. A statement that is refused
 * writes nothing, and leaves the transaction as it was.
 *
 * @example
 * const session = database.begin();
 * await session.update('jobs', ({ id }) => id === '1', { state: 'COMPLETED', endTime: new Date() });
 * await session.commit();
 */
export class MemorySession {
  private readonly changes: Changes = noRows();
  private readonly view: View;
  private readonly readOnly: boolean;
  private readonly lockTimeoutMs: number;
  private readonly owner = {};
  private readonly idle: IdleLimit;
  private ended = false;

  constructor(
    private readonly committed: Tables,
    private readonly locks: Locks,
    {
      readOnly = false,
      lockTimeoutSeconds = Number.POSITIVE_INFINITY,
      idleTimeoutSeconds = Number.POSITIVE_INFINITY,
    }: SessionOptions = {},
  ) {
    this.view = new View(committed, this.changes);
    this.readOnly = readOnly;
    this.lockTimeoutMs = lockTimeoutSeconds * 1000;
    this.idle = new IdleLimit(idleTimeoutSeconds, () => this.end());
  }

  /** Whether neither `commit` nor `rollback` has ended it. */
  get isOpen(): boolean {
    return !this.ended;
  }

  /** Whether it was ended because it was idle for too long. */
  get isEndedByServer(): boolean {
    return this.idle.isExceeded;
  }

  /** Whether a statement of it waits for a lock that others hold. */
  get isWaiting(): boolean {
    return this.locks.isWaiting(this.owner);
  }

  /** Asks about the tables, as they are now: `SELECT`. */
  async select<Result>(query: (view: View) => Result): Promise<Result> {
    this.requireOpen();
    return this.idle.during(async () => query(this.view));
  }

  /**
   * Locks the rows that match, ascending by id, and gives those that still match once they are locked:
   * `SELECT ... FOR UPDATE`. With `skipLocked` rows that others hold are left out instead of waited for.
   */
  async lock<Name extends TableName>(
    table: Name,
    where: (row: Rows[Name]) => boolean,
    { skipLocked = false }: { readonly skipLocked?: boolean } = {},
  ): Promise<Rows[Name][]> {
    this.requireWritable();
    return this.idle.during(() => this.lockEach(table, where, skipLocked));
  }

  private async lockEach<Name extends TableName>(
    table: Name,
    where: (row: Rows[Name]) => boolean,
    skipLocked: boolean,
  ): Promise<Rows[Name][]> {
    const locked: Rows[Name][] = [];
    for (const { id } of this.view.rows(table, where).sort((one, other) => compareIds(one.id, other.id))) {
      if (!this.tryLock(table, id, 'exclusive')) {
        if (skipLocked) continue;
        await this.waitFor(table, id, 'exclusive');
      }
      const row = this.view.row(table, id);
      if (row !== undefined && where(row)) locked.push(row);
    }
    return locked;
  }

  /** Adds a row. Rejects with `ROW_REJECTED` when its id is taken or its job does not exist. */
  async insert<Name extends TableName>(table: Name, input: NewRow<Name>): Promise<void> {
    this.requireWritable();
    await this.idle.during(() => this.insertOne(table, input));
  }

  private async insertOne<Name extends TableName>(table: Name, input: NewRow<Name>): Promise<void> {
    const row = newRow(table, input.id, input);
    if (!this.tryLock(table, row.id, 'exclusive')) await this.waitFor(table, row.id, 'exclusive');
    if (this.view.row(table, row.id) !== undefined)
      throw rejected(`${table}_id_key`, `there is a row ${row.id} already`);
    if (table === 'allocations' && typeof row.jobId === 'string') await this.requireJob(row.jobId);
    this.changes[table].set(row.id, row);
  }

  /**
   * Changes columns of the rows that match, and gives the rows as they are now.
   *
   * @param input the new values, or what tells those of each row.
   */
  async update<Name extends TableName>(
    table: Name,
    where: (row: Rows[Name]) => boolean,
    input: Inputs[Name] | ((row: Rows[Name]) => Inputs[Name]),
  ): Promise<Rows[Name][]> {
    const inputOf = typeof input === 'function' ? input : () => input;
    const changes = (await this.lock(table, where)).map((row) => ({ row, input: inputOf(row) }));
    if (table === 'allocations') {
      for (const jobId of new Set(changes.map((change) => (change.input as Inputs['allocations']).jobId)))
        if (typeof jobId === 'string') await this.requireJob(jobId);
    }
    const changed = changes.map((change) => changedRow(change.row, table, change.input));
    for (const row of changed) this.changes[table].set(row.id, row);
    return changed;
  }

  /** Deletes the rows that match, and gives their ids. Rejects with `ROW_REJECTED` for a job that has allocations. */
  async delete<Name extends TableName>(table: Name, where: (row: Rows[Name]) => boolean): Promise<string[]> {
    const ids = (await this.lock(table, where)).map(({ id }) => id);
    if (table === 'jobs') this.requireNoAllocation(new Set(ids));
    for (const id of ids) this.changes[table].set(id, null);
    return ids;
  }

  /** Makes everything that it wrote visible to others, and gives its locks back. */
  async commit(): Promise<void> {
    this.requireOpen();
    for (const table of Object.keys(this.committed) as TableName[]) {
      apply<Rows[TableName]>(this.changes[table], this.committed[table]);
    }
    this.end();
  }

  /** Forgets everything that it wrote, and gives its locks back. After the end of the transaction nothing happens. */
  async rollback(): Promise<void> {
    this.end();
  }

  private end(): void {
    this.ended = true;
    this.idle.end();
    this.locks.release(this.owner);
  }

  private tryLock(table: TableName, id: string, mode: LockMode): boolean {
    return this.locks.tryLock(this.owner, `${table}/${id}`, mode);
  }

  private async waitFor(table: TableName, id: string, mode: LockMode): Promise<void> {
    await this.locks.lock(this.owner, `${table}/${id}`, mode, this.lockTimeoutMs);
  }

  /** The foreign key: whoever points an allocation at a job holds on to that job until the transaction ends. */
  private async requireJob(id: string): Promise<void> {
    if (!this.tryLock('jobs', id, 'shared')) await this.waitFor('jobs', id, 'shared');
    if (this.view.row('jobs', id) === undefined) throw rejected('allocations_jobId_fkey', `there is no job ${id}`);
  }

  private requireNoAllocation(jobIds: ReadonlySet<string>): void {
    const [child] = this.view.rows('allocations', ({ jobId }) => jobId !== null && jobIds.has(jobId));
    if (child === undefined) return;
    throw rejected('allocations_jobId_fkey', `job ${child.jobId} still has allocation ${child.id}`);
  }

  private requireOpen(): void {
    if (this.isOpen) return;
    if (this.idle.isExceeded) {
      throw new JobsweepError('CONNECTION_LOST', 'The transaction was ended because it was idle for too long.');
    }
    throw new JobsweepError('SESSION_NOT_IN_TRANSACTION', 'The transaction has ended. Begin another one.');
  }

  private requireWritable(): void {
    this.requireOpen();
    if (!this.readOnly) return;
    throw new JobsweepError('DATABASE_ERROR', 'The transaction is read-only. Begin one without `readOnly` to write.');
  }
}

function apply<Row>(changes: ReadonlyMap<string, Row | null>, committed: Map<string, Row>): void {
  for (const [id, row] of changes) {
    if (row === null) committed.delete(id);
    else committed.set(id, row);
  }
}

function rejected(constraint: string, problem: string): JobsweepError {
  return new JobsweepError('ROW_REJECTED', `The row was refused: ${problem}.`, { constraint });
}
