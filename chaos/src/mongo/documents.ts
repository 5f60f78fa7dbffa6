import type { ClientSession, Db, Document } from 'mongodb';
import type { Row, TableName, Tables } from '../rows.js';

export const COLLECTIONS: Readonly<Record<TableName, string>> = { jobs: 'jobs', allocations: 'resource_allocations' };

/** The fields of each table, with the columns that they are for. */
const FIELDS: Readonly<Record<TableName, Readonly<Record<string, string>>>> = {
  jobs: {
    _id: 'id',
    name: 'name',
    state: 'state',
    startTime: 'start_time',
    endTime: 'end_time',
    errorMsg: 'error_msg',
    exitCode: 'exit_code',
    note: 'note',
  },
  allocations: {
    _id: 'id',
    jobId: 'job_id',
    status: 'status',
    allocationTime: 'allocation_time',
    releasedTime: 'released_time',
  },
};

/** The fields of the columns that are given. */
export const toDocument = (table: TableName, row: Row): Document =>
  Object.fromEntries(
    Object.entries(FIELDS[table]).flatMap(([field, column]) => {
      const value = row[column];
      if (value === undefined) return [];
      return [[field, value !== null && column.endsWith('_time') ? new Date(value) : value]];
    }),
  );

const toRow = (table: TableName, document: Document): Row =>
  Object.fromEntries(
    Object.entries(FIELDS[table]).map(([field, column]) => {
      const value = (document[field] ?? null) as Date | string | null;
      return [column, value instanceof Date ? value.toISOString() : value];
    }),
  );

/** Which rows, and where. */
interface Reading {
  /** Only those of one job. */
  readonly jobId?: string;
  readonly session?: ClientSession;
  /** Of the names of other collections of the same shape. */
  readonly suffix?: string;
}

export async function readTables(db: Db, { jobId, session, suffix = '' }: Reading = {}): Promise<Tables> {
  const options = session === undefined ? {} : { session };
  const find = async (table: TableName, field: string) => {
    const filter: Document = jobId === undefined ? {} : { [field]: jobId };
    const documents = await db.collection(`${COLLECTIONS[table]}${suffix}`).find(filter, options).toArray();
    return documents.map((document) => toRow(table, document));
  };
  const jobs = await find('jobs', '_id');
  return { jobs, allocations: await find('allocations', 'jobId') };
}
