import type { Need } from '../catalog.js';
import { PROGRESS_COLUMNS, TURN_COLUMNS } from '../service/claim-row.js';
import type { OwnNames } from '../service/names.js';

/** What claims and history need of jobsweep's own tables, which somebody else may have made. */
export function ownNeeds({ claims, history }: OwnNames): Need[] {
  const turn = [...TURN_COLUMNS, ...Object.values(PROGRESS_COLUMNS)];
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
