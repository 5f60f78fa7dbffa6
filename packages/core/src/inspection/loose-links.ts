import { linksIn } from '../driver/condition.js';
import type { Link, Table } from '../driver/table.js';
import type { Mapped } from '../rules/mapped.js';
import type { Dependent } from '../schema/resolve-dependents.js';
import type { ColumnFacts } from './catalog.js';
import type { SchemaFinding } from './inspection.js';
import type { Look } from './look.js';
import { schemaFinding } from './schema-finding.js';

/** Columns that name rows of another table by its key. */
interface Naming {
  /** Where they are named, as a path into the options of the store. */
  readonly path: string;
  readonly table: Table;
  readonly columns: readonly string[];
  readonly keyOf: Table;
  readonly key: readonly string[];
}

/** Columns to which two keys may be one, so that what they name could be a row, or another one; and texts that name numbers. */
export async function looseLinks({ catalog, facts }: Look, mapped: Mapped): Promise<SchemaFinding[]> {
  const found: SchemaFinding[] = [];
  for (const { path, table, columns, keyOf, key } of namings(mapped)) {
    const [ofTable, ofKey] = [await facts(table), await facts(keyOf)];
    for (const [index, column] of columns.entries()) {
      const name = key[index] ?? '';
      const [own, other] = [ofTable?.columns?.get(column), ofKey?.columns?.get(name)];
      if (own === undefined || other === undefined) continue;
      const by = equatesMore(catalog, own, other);
      if (by !== undefined) found.push(schemaFinding(path, { kind: 'equates', column, by, key: name }));
      if (isNumber(catalog, other) && isText(catalog, own)) {
        const [type, keyType] = [own.type, other.type];
        found.push(schemaFinding(path, { kind: 'linkType', column, type, key: name, keyType }));
      }
    }
  }
  return found;
}

/** What makes a column take keys for one that their own column tells apart; `undefined`: nothing does. */
function equatesMore(catalog: Types, own: ColumnFacts, key: ColumnFacts): string | undefined {
  if (isNumber(catalog, own) && isText(catalog, key)) return own.type;
  return own.equates === key.equates || isNumber(catalog, key) ? undefined : own.equates;
}

type Types = Pick<Look['catalog'], 'typeHolds'>;

const isText = ({ typeHolds }: Types, { type }: ColumnFacts): boolean => typeHolds(type, 'text') === true;
const isNumber = (catalog: Types, facts: ColumnFacts): boolean =>
  catalog.typeHolds(facts.type, 'number') === true && !isText(catalog, facts);

/** Those by which rows are chosen that are written. */
function namings(mapped: Mapped): Naming[] {
  const { jobs, dependents, filters } = mapped;
  const scopes = linksIn(filters.scope).map(({ exists }) => naming('filters.scope.exists.key', jobs.rows, exists));
  return [...ofAllocations(mapped), ...ofDependents(jobs.rows, dependents.delete), ...scopes];
}

function ofAllocations(mapped: Mapped): Naming[] {
  if (!mapped.hasAllocations) return [];
  const { rows: table, columns, between, via } = mapped.allocations;
  const [path, { rows: jobs }] = ['schema.allocations.columns.jobId', mapped.jobs];
  if (between === null || via === null) return [{ path, table, columns: columns.jobId, keyOf: jobs, key: jobs.key }];
  return [
    { path, table, columns: columns.jobId, keyOf: between, key: between.key },
    { path: 'schema.allocations.via.jobId', table: between, columns: via.jobId, keyOf: jobs, key: jobs.key },
  ];
}

const ofDependents = (keyOf: Table, dependents: readonly Dependent[]): Naming[] =>
  dependents.flatMap(({ path, link, dependents: nested }) => [
    naming(`${path}.key`, keyOf, link),
    ...ofDependents(link.to, nested),
  ]);

const naming = (path: string, keyOf: Table, { to: table, on }: Link): Naming => ({
  ...{ path, table, keyOf },
  columns: on.map(([, column]) => column),
  key: on.map(([column]) => column),
});
