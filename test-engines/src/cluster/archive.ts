import type { SuiteStoreOptions } from '@jobsweep/contract';
import type { LayoutTable, LayoutTables } from './columns.js';

/** No server takes longer names, and some cut them. */
const MAX_NAME_BYTES = 63;

/** The tables in which deleted rows of others are kept, by the names that they have by default; none where these are too long. */
export const archiveOf = ({ jobs, allocations }: LayoutTables): LayoutTables => ({
  jobs: jobs && named(jobs),
  allocations: allocations && named(allocations),
});

function named(table: LayoutTable): LayoutTable | undefined {
  const name = `${table.name}_archive`;
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? undefined : { ...table, name };
}

/** What the suite asks of a store in the words of adapters. */
export function withArchive({ archive, ...options }: SuiteStoreOptions): Omit<SuiteStoreOptions, 'archive'> {
  return archive === undefined ? options : { ...options, schema: { ...options.schema, archive } };
}
