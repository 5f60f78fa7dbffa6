import type { SuiteStoreOptions } from '@jobsweep/contract';
import type { LayoutTables } from './columns.js';

/** The tables in which deleted rows of others are kept, by the names that they have by default. */
export const archiveOf = ({ jobs, allocations }: LayoutTables): LayoutTables => ({
  jobs: jobs && { ...jobs, name: `${jobs.name}_archive` },
  allocations: allocations && { ...allocations, name: `${allocations.name}_archive` },
});

/** What the suite asks of a store in the words of adapters. */
export function withArchive({ archive, ...options }: SuiteStoreOptions): Omit<SuiteStoreOptions, 'archive'> {
  return archive === undefined ? options : { ...options, schema: { ...options.schema, archive } };
}
