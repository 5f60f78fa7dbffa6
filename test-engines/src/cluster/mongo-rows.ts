import type { Change, Columns, Insertion, TableName, Tables, Value } from '@jobsweep/contract';
import type { ClientSession, Collection, Db, Document } from 'mongodb';
import type { LayoutColumn, LayoutTable, LayoutTables } from './columns.js';
import { columnOf, fieldsOf, filterOf, nameOf } from './mongo-fields.js';
import { fromBson, isoMicros, toBson } from './mongo-values.js';

/** The field that an application increments in a job when it relies on the job and does not change it. */
const FENCE = 'fence';

/** Longer than anything takes that is not held up for ever. */
const MAX_TIME_MS = 20_000;

/** Documents of any shape. */
type Rows = Collection<Document>;

/**
 * The documents of a layout's collections, in the words of the port. It keeps what docs/worker-duties.md asks of an
 * application: whoever gives a job an allocation, or one of its allocations a status other than RELEASED, touches the job
 * in the same transaction, and is refused where the job is gone.
 */
export class MongoRows {
  constructor(
    private readonly db: Db,
    private readonly tables: LayoutTables,
    private readonly session?: ClientSession,
  ) {}

  /** The same in a transaction. */
  in(session: ClientSession): MongoRows {
    return new MongoRows(this.db, this.tables, session);
  }

  /** Transactions should find the collections there, and whoever looks for the allocations of a job an index. */
  async create(): Promise<void> {
    const { jobs, allocations } = this.tables;
    if (jobs !== undefined) await this.db.createCollection(jobs.name);
    if (allocations === undefined) return;
    const collection = await this.db.createCollection(allocations.name);
    await collection.createIndexes([{ key: { [nameOf(allocations, 'jobId')]: 1 } }]);
  }

  async clear(): Promise<void> {
    for (const table of Object.values(this.tables)) {
      if (table !== undefined) await this.rows(table).deleteMany({}, this.options);
    }
  }

  async insert(name: TableName, rows: readonly Columns[]): Promise<void> {
    const table = this.table(name);
    const now = await this.nowFor(...rows);
    const unset = Object.fromEntries(table.columns.map(({ column }) => [column, null]));
    const documents = rows.map((row) => fieldsOf(table, { ...unset, ...row }, now));
    await this.rows(table).insertMany(documents, this.options);
  }

  act(action: Change | Insertion): Promise<number | 'refused'> {
    if ('insert' in action) return this.add(action);
    return action.set === 'delete' ? this.remove(action) : this.change(action, action.set);
  }

  async lock(name: TableName, id: string): Promise<boolean> {
    return (await this.touch(this.table(name), [id])) > 0;
  }

  /** All documents or, with ids of jobs, these jobs and their allocations. */
  async read(jobIds?: readonly string[]): Promise<Tables> {
    const { jobs, allocations } = this.tables;
    return {
      jobs: await this.readTable(jobs, 'id', jobIds),
      allocations: await this.readTable(allocations, 'jobId', jobIds),
    } as unknown as Tables;
  }

  private async add({ table, insert }: Insertion): Promise<number | 'refused'> {
    if (table === 'allocations' && (await this.relyOn([insert.jobId ?? null])) === 'refused') return 'refused';
    await this.insert(table, [insert]);
    return 1;
  }

  private async change(action: Change, set: Columns): Promise<number | 'refused'> {
    const table = this.table(action.table);
    const now = await this.nowFor(set);
    const filter = filterOf(table, action);
    if (action.table === 'allocations' && (await this.relyOnJobsOf(filter, set)) === 'refused') return 'refused';
    const update = { $set: fieldsOf(table, set, now) };
    return (await this.rows(table).updateMany(filter, update, this.options)).matchedCount;
  }

  private async remove(action: Change): Promise<number | 'refused'> {
    const table = this.table(action.table);
    const filter = filterOf(table, action);
    const { allocations } = this.tables;
    if (action.table === 'jobs' && allocations !== undefined) {
      const id = nameOf(table, 'id');
      const ids = (await this.rows(table).find(filter, this.options).toArray()).map((job) => job[id] as unknown);
      const ofJobs = { [nameOf(allocations, 'jobId')]: { $in: ids } };
      if ((await this.rows(allocations).findOne(ofJobs, this.options)) !== null) return 'refused';
    }
    return (await this.rows(table).deleteMany(filter, this.options)).deletedCount;
  }

  /** Touches the jobs that allocations are given to, or that get live allocations. */
  private async relyOnJobsOf(filter: Document, set: Columns): Promise<'refused' | undefined> {
    const isMadeLive = set.status !== undefined && set.status !== 'RELEASED';
    if (set.jobId === undefined && !isMadeLive) return;
    const table = this.table('allocations');
    const found = await this.readAll(table, filter);
    if (found.length === 0) return;
    if (set.jobId !== undefined) return this.relyOn([set.jobId]);
    const jobId = columnOf(table, 'jobId');
    return this.relyOn(found.map((document) => fromBson(jobId, document)));
  }

  private async relyOn(jobIds: readonly Value[]): Promise<'refused' | undefined> {
    const { jobs } = this.tables;
    const ids = new Set(jobIds.filter((id) => id !== null));
    if (jobs === undefined || ids.size === 0) return;
    return (await this.touch(jobs, [...ids])) < ids.size ? 'refused' : undefined;
  }

  /** A write that changes nothing else. Gives how many documents there are. */
  private async touch(table: LayoutTable, ids: readonly string[]): Promise<number> {
    const id = columnOf(table, 'id');
    return (await this.rows(table).updateMany(isAtAny(id, ids), { $inc: { [FENCE]: 1 } }, this.options)).matchedCount;
  }

  private async readTable(
    table: LayoutTable | undefined,
    column: 'id' | 'jobId',
    ids: readonly string[] | undefined,
  ): Promise<Record<string, Value>[]> {
    if (table === undefined) return [];
    const documents = await this.readAll(table, ids === undefined ? {} : isAtAny(columnOf(table, column), ids));
    return documents.map((document) =>
      Object.fromEntries(table.columns.map((column) => [column.column, fromBson(column, document)])),
    );
  }

  private readAll(table: LayoutTable, filter: Document): Promise<Document[]> {
    // Numbers beyond 2^53 stay exact.
    const options = { ...this.options, promoteLongs: false };
    return this.rows(table)
      .find(filter, options)
      .sort({ [nameOf(table, 'id')]: 1 })
      .toArray();
  }

  /** The server's clock, when a row to be written asks for it. */
  private async nowFor(...rows: readonly Columns[]): Promise<string | undefined> {
    const isAsked = rows.some((row) => Object.values(row).includes('now'));
    return isAsked ? serverTime(this.db) : undefined;
  }

  private get options() {
    return { maxTimeMS: MAX_TIME_MS, ...(this.session && { session: this.session }) };
  }

  private rows({ name }: LayoutTable): Rows {
    return this.db.collection(name);
  }

  private table(name: TableName): LayoutTable {
    const table = this.tables[name];
    if (table === undefined) throw new Error(`The layout has no ${name}`);
    return table;
  }
}

const isAtAny = (column: LayoutColumn, ids: readonly string[]): Document => ({
  [column.name]: { $in: ids.map((id) => toBson(column, id)) },
});

/** The server's clock, as ISO 8601 in UTC with microseconds. */
export async function serverTime(db: Db): Promise<string> {
  const { localTime } = await db.admin().command({ hello: 1 });
  return isoMicros(localTime as Date);
}
