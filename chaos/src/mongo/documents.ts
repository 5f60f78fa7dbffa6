import type { ClientSession, Db, Document } from 'mongodb';
import type { Row, TableName, Tables } from '../rows.js';

export const COLLECTIONS: Readonly<Record<TableName, string>> = { jobs: 'jobs', allocations: 'resource_allocations' };

/** The names of fields beside those of columns. */
const FIELDS = {
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
} as const;

export const toDocument = (table: TableName, row: Row): Document =>
  Object.fromEntries(
    Object.entries(FIELDS[table]).map(([field, column]) => {
      const value = row[column] ?? null;
      return [field, value !== null && column.endsWith('_time') ? new Date(value) : value];
    }),
  );

export const toRow = (table: TableName, document: Document): Row =>
  Object.fromEntries(
    Object.entries(FIELDS[table]).map(([field, column]) => {
      const value: unknown = document[field];
      return [column, value instanceof Date ? value.toISOString() : ((value ?? null) as string | null)];
    }),
  );

/** All rows, or those of one job. */
export async function readTables(db: Db, jobId?: string, session?: ClientSession): Promise<Tables> {
  const options = session === undefined ? {} : { session };
  const find = async (table: TableName, field: string) => {
    const filter: Document = jobId === undefined ? {} : { [field]: jobId };
    const documents = await db.collection(COLLECTIONS[table]).find(filter, options).toArray();
    return documents.map((document) => toRow(table, document));
  };
  const jobs = await find('jobs', '_id');
  return { jobs, allocations: await find('allocations', 'jobId') };
}
