import { invalidOption } from '@jobsweep/core';

/** What jobsweep's own tables are called, and where they are. */
export interface OwnTablesOption {
  /** The database schema of both; it must exist. Default: the connection's own. */
  readonly schema?: string;
  /** Who has which turn. Default: `jobsweep_claims`. */
  readonly claims?: string;
  /** The history of passes. Default: `jobsweep_history`. */
  readonly history?: string;
}

/** One of jobsweep's own tables. */
export interface OwnTable {
  readonly schema: string | undefined;
  readonly table: string;
}

export interface OwnNames {
  readonly claims: OwnTable;
  readonly history: OwnTable;
}

/** PostgreSQL cuts longer names without a word, and indexes are named after their table. */
const MAX_NAME = 48;

/** Fills in the defaults. Throws `INVALID_OPTION` for a name that no table can have, and for one that both have. */
export function ownNames(option: OwnTablesOption = {}): OwnNames {
  for (const [key, value] of Object.entries(option) as [string, unknown][]) {
    const field = `ownTables.${key}`;
    if (!['schema', 'claims', 'history'].includes(key)) {
      throw invalidOption(field, value, 'leave it out; there are schema, claims and history');
    }
    if (value !== undefined && !isName(value)) {
      throw invalidOption(field, value, `give a name of 1 to ${MAX_NAME} letters, digits, _, $ and -`);
    }
  }
  const { schema, claims = 'jobsweep_claims', history = 'jobsweep_history' } = option;
  if (claims === history) throw invalidOption('ownTables.history', history, 'give another name than that of claims');
  return { claims: { schema, table: claims }, history: { schema, table: history } };
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_NAME && /^[\p{L}_][\p{L}\p{N}_$-]*$/u.test(value);
}

/** The name as people write it: with the schema where one is set. */
export function nameOf({ schema, table }: OwnTable): string {
  return schema === undefined ? table : `${schema}.${table}`;
}
