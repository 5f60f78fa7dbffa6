import type { Table } from '../driver/table.js';
import { invalidOption } from '../errors.js';
import type { TimeCodec } from '../schema/mapping.js';
import { OWN_TABLE_NAMES, OWN_TABLES, type OwnColumns, type OwnTableName, timeColumns } from './own-columns.js';

/** What jobsweep's own tables are called, and where they are. */
export interface OwnTablesOption {
  /** The database schema of all; it must exist. Default: the connection's own. */
  readonly schema?: string;
  /** Who has which turn. Default: `jobsweep_claims`. */
  readonly claims?: string;
  /** The history of passes. Default: `jobsweep_history`. */
  readonly history?: string;
  /** What turns have changed, row by row. Default: `jobsweep_changes`. */
  readonly changes?: string;
}

/** jobsweep's own tables as a driver knows them. */
export type OwnTableSet = Readonly<Record<OwnTableName, Table>>;

/** What differs between databases about these tables. */
export interface OwnTableRules {
  /** What a name of a table, or a schema, can be. */
  readonly isName: (name: string) => boolean;
  /** What to give instead: a clause for an error message. */
  readonly fix: string;
  /** Whether tables are in schemas. Default: `true`. */
  readonly hasSchemas?: boolean;
  /** How times are kept. Default: `instant`. */
  readonly codec?: TimeCodec;
  /** What the key column is called. Default: `id`. */
  readonly id?: string;
}

const ANY_NAME: OwnTableRules = { isName: () => true, fix: 'leave it out' };

/**
 * For adapters: the tables of an option. Throws `INVALID_OPTION` for a name that no table can have, and for one that two have.
 * Default: any name.
 */
export function ownTableSet(option: OwnTablesOption = {}, rules: OwnTableRules = ANY_NAME): OwnTableSet {
  const { isName, fix, hasSchemas = true } = rules;
  const known = [...(hasSchemas ? ['schema'] : []), ...OWN_TABLE_NAMES];
  for (const [key, value] of Object.entries(option) as [string, unknown][]) {
    const field = `ownTables.${key}`;
    if (!known.includes(key)) throw invalidOption(field, value, `leave it out; there are ${known.join(', ')}`);
    if (value !== undefined && !(typeof value === 'string' && isName(value))) throw invalidOption(field, value, fix);
  }
  const names = new Map<string, OwnTableName>();
  const tableOf = (which: OwnTableName): Table => {
    const name = option[which] ?? `jobsweep_${which}`;
    const other = names.get(name);
    if (other !== undefined) throw invalidOption(`ownTables.${which}`, name, `give another name than that of ${other}`);
    names.set(name, which);
    const columns: OwnColumns = OWN_TABLES[which].columns;
    const times = timesOf(columns, rules.codec ?? 'instant');
    return { schema: option.schema, name, key: [rules.id ?? 'id'], times, shown: new Map() };
  };
  return { claims: tableOf('claims'), history: tableOf('history'), changes: tableOf('changes') };
}

/** A table's name as people write it: with the schema where one is set. */
export const nameOf = ({ schema, name }: Table): string => (schema === undefined ? name : `${schema}.${name}`);

function timesOf(columns: OwnColumns, codec: TimeCodec): Table['times'] {
  return new Map(timeColumns(columns).map((column) => [column, { column, codec, unset: [] }]));
}
