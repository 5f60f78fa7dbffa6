/** A row of the archive whose key another row of its table has by now: for it all of its job stays in the archive. */
export interface StayingRow {
  /** The table, with its schema where the mapping names one. */
  readonly table: string;
  /** The id of the row, as the port has it. */
  readonly rowId: string;
}

/** How many such rows there are, and the first of them. */
export interface Staying {
  readonly rows: number;
  readonly first: readonly StayingRow[];
}

export const NONE_STAYS: Staying = { rows: 0, first: [] };

/** Rows that are named of those that stay. */
const NAMED_ROWS = 20;

export const bothOf = (one: Staying, other: Staying): Staying => ({
  rows: one.rows + other.rows,
  first: [...one.first, ...other.first].slice(0, NAMED_ROWS),
});
