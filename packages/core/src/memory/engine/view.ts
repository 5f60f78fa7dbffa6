import type { Rows, TableName } from './rows.js';

/** Rows by id. */
export type Tables = { readonly [Name in TableName]: Map<string, Rows[Name]> };

/** What a transaction has written and not yet committed, by id; `null` is a deletion. */
export type Changes = { readonly [Name in TableName]: Map<string, Rows[Name] | null> };

/** No rows in any table. */
export const noRows = (): { readonly [Name in TableName]: Map<string, never> } => ({
  jobs: new Map<string, never>(),
  allocations: new Map<string, never>(),
  jobs_archive: new Map<string, never>(),
  allocations_archive: new Map<string, never>(),
  jobsweep_claims: new Map<string, never>(),
  jobsweep_history: new Map<string, never>(),
  jobsweep_changes: new Map<string, never>(),
});

/** The tables as a transaction sees them now: what is committed, and what it has written itself. */
export class View {
  constructor(
    private readonly committed: Tables,
    private readonly changes: Changes,
  ) {}

  /** The row with an id. */
  row<Name extends TableName>(table: Name, id: string | null): Rows[Name] | undefined {
    if (id === null) return undefined;
    const own = this.changes[table].get(id);
    return own === undefined ? this.committed[table].get(id) : (own ?? undefined);
  }

  /** The rows that match, in no order. */
  rows<Name extends TableName>(table: Name, where: (row: Rows[Name]) => boolean): Rows[Name][] {
    const changes = this.changes[table];
    const found: Rows[Name][] = [];
    for (const [id, row] of this.committed[table]) if (!changes.has(id) && where(row)) found.push(row);
    for (const row of changes.values()) if (row !== null && where(row)) found.push(row);
    return found;
  }
}
