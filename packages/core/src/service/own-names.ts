import type { Table } from '../driver/table.js';
import { invalidOption } from '../errors.js';
import type { TimeCodec } from '../schema/mapping.js';
import { CLAIM_COLUMNS, HISTORY_COLUMNS, type OwnColumns, timeColumns } from './own-columns.js';

/** What jobsweep's own tables are called, and where they are. */
export interface OwnTablesOption {
  /** The database schema of both; it must exist. Default: the connection's own. */
  readonly schema?: string;
  /** Who has which turn. Default: `jobsweep_claims`. */
  readonly claims?: string;
  /** The history of passes. Default: `jobsweep_history`. */
  readonly history?: string;
}

/** jobsweep's own tables as a driver knows them. */
export interface OwnTableSet {
  readonly claims: Table;
  readonly history: Table;
}

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

/** For adapters: the tables of an option. Throws `INVALID_OPTION` for a name that no table can have, and for one that both have. Default: any name. */
export function ownTableSet(option: OwnTablesOption = {}, rules: OwnTableRules = ANY_NAME): OwnTableSet {
  const { isName, fix, hasSchemas = true } = rules;
  const known = [...(hasSchemas ? ['schema'] : []), 'claims', 'history'];
  for (const [key, value] of Object.entries(option) as [string, unknown][]) {
    const field = `ownTables.${key}`;
    if (!known.includes(key)) throw invalidOption(field, value, `leave it out; there are ${known.join(', ')}`);
    if (value !== undefined && !(typeof value === 'string' && isName(value))) throw invalidOption(field, value, fix);
  }
  const { schema, claims = 'jobsweep_claims', history = 'jobsweep_history' } = option;
  if (claims === history) throw invalidOption('ownTables.history', history, 'give another name than that of claims');
  const tableOf = (name: string, columns: OwnColumns): Table => ({
    schema,
    name,
    key: [rules.id ?? 'id'],
    times: timesOf(columns, rules.codec ?? 'instant'),
    shown: new Set(),
  });
  return { claims: tableOf(claims, CLAIM_COLUMNS), history: tableOf(history, HISTORY_COLUMNS) };
}

/** A table's name as people write it: with the schema where one is set. */
export const nameOf = ({ schema, name }: Table): string => (schema === undefined ? name : `${schema}.${name}`);

function timesOf(columns: OwnColumns, codec: TimeCodec): Table['times'] {
  return new Map(timeColumns(columns).map((column) => [column, { column, codec, unset: [] }]));
}
