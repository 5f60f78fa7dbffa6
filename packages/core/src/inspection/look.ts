import type { Table } from '../driver/table.js';
import type { Catalog, TableFacts } from './catalog.js';
import type { MappedTable } from './mapped-columns.js';

/** A look at a database, which is asked of each table once. */
export interface Look {
  readonly catalog: Catalog;
  readonly facts: (table: Table) => Promise<TableFacts | undefined>;
}

export function lookWith(catalog: Catalog, tables: readonly MappedTable[]): Look {
  const known = new Map<Table, Promise<TableFacts | undefined>>();
  const named = new Map(tables.map(({ table, columns }) => [table, columns.map(({ column }) => column)]));
  return {
    catalog,
    facts(table) {
      const facts = known.get(table) ?? catalog.table(table, named.get(table) ?? table.key);
      known.set(table, facts);
      return facts;
    },
  };
}
