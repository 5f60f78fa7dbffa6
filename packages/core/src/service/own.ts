import type { Driver, Query, Summed, SumQuery, Tx } from '../driver/driver.js';
import type { Key } from '../driver/exact.js';
import type { Assignments, Row } from '../driver/row.js';
import type { Condition, Table } from '../driver/table.js';
import { isJobsweepError, JobsweepError } from '../errors.js';
import type { DriverRepository } from '../repository/driver-repository.js';
import { Values } from '../rules/values.js';
import type { TransactionOptions } from '../store.js';
import type { RunSettings, RunTransaction } from '../transactions-on.js';
import { OWN_TABLE_NAMES } from './own-columns.js';
import { nameOf, type OwnTableSet } from './own-names.js';
import { TurnRules } from './turn-rules.js';

/** What may differ from the standard in claims and history, in tests that prove that each rule is tested. */
export interface TurnParts {
  readonly rules?: TurnRules;
  /** @param session what the transaction was opened on. */
  readonly tx?: (tx: Tx, session: unknown) => Tx;
}

/** What claims and history are made of. */
export interface ServiceParts<Session> extends TurnParts {
  /** Of jobsweep's own tables: it takes names as they are, and its clock is the database's own, whatever the store was given. */
  readonly driver: Driver<Session>;
  readonly transaction: RunTransaction<Session>;
  readonly tables: OwnTableSet;
  /** Whose changes are kept. */
  readonly repository: DriverRepository<Session>;
  /** What the table of the history gives as keys, in the words of the port. Default: whole numbers. */
  readonly entryId?: RegExp;
}

/** jobsweep's own tables, and the way to them. */
export class Own<Session> {
  readonly values: Values;
  readonly rules: TurnRules;

  constructor(readonly parts: ServiceParts<Session>) {
    this.values = new Values(parts.driver.values);
    this.rules = parts.rules ?? new TurnRules();
  }

  get claims(): Table {
    return this.parts.tables.claims;
  }

  get history(): Table {
    return this.parts.tables.history;
  }

  get changes(): Table {
    return this.parts.tables.changes;
  }

  /** Runs work in a transaction of its own. Throws `NOT_INITIALIZED` where the tables are not as they should be. */
  async run<Result>(
    use: 'read' | 'write',
    work: (tx: Tx, session: Session) => Promise<Result>,
    options: TransactionOptions = {},
    settings?: RunSettings,
  ): Promise<Result> {
    const inTransaction = async (session: Session) => work(await this.open(session, use), session);
    try {
      return await this.parts.transaction(inTransaction, { ...options, readOnly: use === 'read' }, settings);
    } catch (error) {
      throw this.notInitialized(error);
    }
  }

  /** The same in a transaction that others began. */
  async within<Result>(
    session: Session,
    work: (tx: Tx) => Promise<Result>,
    use: 'read' | 'write' = 'write',
  ): Promise<Result> {
    try {
      return await work(await this.open(session, use));
    } catch (error) {
      throw this.notInitialized(this.parts.driver.translate(error));
    }
  }

  /** A page of one of the tables. */
  async page(tx: Tx, query: Query): Promise<Row[]> {
    const rows = await tx.page(query);
    if (rows.length === 0) await this.require(query.table);
    return rows;
  }

  /** The sums of one of the tables. */
  async sums(tx: Tx, query: SumQuery): Promise<Summed[]> {
    const groups = await tx.sums(query);
    if (groups.length === 0) await this.require(query.table);
    return groups;
  }

  /** Changes the row of a claim where a condition holds, and tells whether there was such a row. */
  async changeClaim(tx: Tx, key: Key, where: Condition, set: Assignments): Promise<boolean> {
    const isChanged = await tx.change(this.claims, key, where, set);
    if (!isChanged) await this.require(this.claims);
    return isChanged;
  }

  /** Asked where something was not found, and before something is added to the history: some databases do not say so. */
  async require(table: Table): Promise<void> {
    await this.parts.driver.requireTable?.(table);
  }

  private async open(session: Session, use: 'read' | 'write'): Promise<Tx> {
    const { driver, tx: replaced = (tx) => tx } = this.parts;
    return replaced(await driver.open(session, use), session);
  }

  /** What to do where a statement found no such table or column; any other error as it is. */
  private notInitialized(error: unknown): unknown {
    if (!isJobsweepError(error, 'SCHEMA_MISMATCH')) return error;
    const [said] = error.message.split('. ');
    const names = OWN_TABLE_NAMES.map((which) => nameOf(this.parts.tables[which]));
    const message =
      `${said}. jobsweep's own tables, ${names.join(', ')}, are missing or differ from ` +
      'what this version makes. Run `jobsweep init`, call store.ownTables.create(), or see what store.ownTables.state() says.';
    return new JobsweepError('NOT_INITIALIZED', message, { cause: error.cause });
  }
}
