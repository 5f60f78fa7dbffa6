import { JobsweepError } from '../../errors.js';
import type { MemoryDatabase } from '../engine/database.js';
import type { OwnTableName } from '../engine/rows.js';

/** Throws `NOT_INITIALIZED` where one of jobsweep's own tables was not made. */
export function requireTable(database: MemoryDatabase, table: OwnTableName): void {
  if (database.hasTable(table)) return;
  throw new JobsweepError('NOT_INITIALIZED', `There is no table ${table}. Make it with store.ownTables.create().`);
}
