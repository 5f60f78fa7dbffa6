import { CLAIM_COLUMNS, type OwnTableSet, type Table } from '@jobsweep/core';
import type { Need } from '../catalog.js';
import type { TableName } from '../rows/tables.js';

/** The columns that tell a turn from others, and never change. */
const NAMES: readonly string[] = ['id', 'config', 'strategy'] satisfies (keyof typeof CLAIM_COLUMNS)[];

/** What claims and history need of jobsweep's own tables, which somebody else may have made. */
export function ownNeeds(tables: OwnTableSet): Need[] {
  const [claims, history] = [named(tables.claims), named(tables.history)];
  const turn = Object.keys(CLAIM_COLUMNS).filter((column) => !NAMES.includes(column));
  return [
    { privilege: 'SELECT', table: claims, columns: null },
    { privilege: 'INSERT', table: claims, columns: null },
    { privilege: 'UPDATE', table: claims, columns: turn },
    { privilege: 'SELECT', table: history, columns: null },
    { privilege: 'INSERT', table: history, columns: null },
    // Entries are deleted when they are old enough.
    { privilege: 'DELETE', table: history, columns: null },
  ];
}

const named = ({ schema, name }: Table): TableName => ({ schema, table: name });
