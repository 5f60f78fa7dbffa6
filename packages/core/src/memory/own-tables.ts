import { throwIfAborted } from '../errors.js';
import type { OwnTables } from '../service/own-tables.js';
import type { MemoryDatabase } from './engine/database.js';
import { OWN_TABLES } from './engine/rows.js';

/** jobsweep's own tables in memory. They are missing until somebody makes them, as in any other database. */
export function memoryOwnTables(database: MemoryDatabase): OwnTables {
  return {
    ddl: OWN_TABLES.map((table) => `database.createTable('${table}');`),
    async create({ signal } = {}) {
      throwIfAborted(signal);
      return OWN_TABLES.filter((table) => database.createTable(table));
    },
    async state({ signal } = {}) {
      throwIfAborted(signal);
      return OWN_TABLES.map((table) => ({ table, exists: database.hasTable(table), problem: null }));
    },
  };
}
