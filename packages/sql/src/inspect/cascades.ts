import type { Cascade, Table } from '@jobsweep/core';
import type { ServerCatalog, TableName } from '../catalog.js';
import type { SqlSession } from '../library.js';
import type { RealNames } from './real-names.js';
import { MAX_CASCADES, shownName } from './references.js';

/** See `Driver.cascades`. */
export async function cascadesOf(
  session: SqlSession,
  catalog: ServerCatalog,
  names: RealNames,
  tables: readonly Table[],
  known: readonly Table[],
): Promise<Cascade[]> {
  const found: Cascade[] = [];
  const followed = new Set<string>();
  let home: string | undefined;
  let targets = tables.map((table) => names.ofTable(table));
  for (let depth = 0; depth < MAX_CASCADES && targets.length > 0; depth += 1) {
    const unknown: TableName[] = [];
    for (const target of targets) {
      const { schema, keys } = await catalog.foreignKeys(session, target);
      home ??= schema;
      const isIt = (table: TableName, { schema: place = home, name }: TableName) =>
        table.schema === place && table.name === name;
      for (const { table, columns, constraint, onDelete } of keys) {
        if (onDelete !== 'cascades') continue;
        const one = known.find((each) => isIt(table, names.ofTable(each))) ?? null;
        const name = shownName(table, home);
        found.push({
          table: name,
          known: one,
          columns,
          constraint,
          to: shownName({ schema, name: target.name }, home),
        });
        if (one !== null || followed.has(name)) continue;
        followed.add(name);
        unknown.push(table);
      }
    }
    targets = unknown;
  }
  return found;
}
