/** A column as two tables are compared by it. */
export interface ColumnShape {
  readonly name: string;
  /** Its type in full, as the database writes it: with its length and digits, and how its letters are kept and compared. */
  readonly type: string;
  /** Whether the database makes its value of other columns. */
  readonly isGenerated: boolean;
}

/** A column whose values do not all fit into another table. */
export interface Misfit {
  readonly column: string;
  readonly type: string;
  /** The type of the column of that name there. `null`: there is none. */
  readonly other: string | null;
}

/** The columns of a table whose values another one cannot hold, each to the letter. What the database makes of others is none. */
export function misfitsOf(columns: readonly ColumnShape[], others: readonly ColumnShape[]): Misfit[] {
  const there = new Map(others.map((each) => [each.name, each]));
  return columns.flatMap(({ name: column, type, isGenerated }) => {
    const other = there.get(column);
    if (isGenerated || (other?.isGenerated === false && holdsEach(other.type, type))) return [];
    return [{ column, type, other: other?.type ?? null }];
  });
}

/** Families of types, of which each holds all that those before it hold. */
const WIDER = [
  ['tinyint', 'smallint', 'mediumint', 'int', 'integer', 'bigint'],
  ['tinytext', 'text', 'mediumtext', 'longtext'],
  ['tinyblob', 'blob', 'mediumblob', 'longblob'],
];

/** Types whose sizes are how many digits there are in all, and how many of them behind the point. */
const DECIMALS = ['numeric', 'decimal'];

/** Types that fill up what is shorter, so that a longer one has another value. */
const FILLED = ['character', 'char', 'binary', 'bit'];

/** Whether a type holds each value of another one to the letter. A type without sizes has no limits. */
function holdsEach(type: string, other: string): boolean {
  if (type === other) return true;
  const [wide, narrow] = [partsOf(type), partsOf(other)];
  if (wide.rest !== narrow.rest || FILLED.includes(wide.name)) return false;
  const family = WIDER.find((names) => names.includes(wide.name) && names.includes(narrow.name));
  if (family !== undefined) return family.indexOf(wide.name) >= family.indexOf(narrow.name);
  if (wide.name !== narrow.name || wide.sizes.length === 0) return wide.name === narrow.name;
  if (wide.sizes.length !== narrow.sizes.length) return false;
  const [size = 0, digits = 0] = wide.sizes;
  const [narrowSize = 0, narrowDigits = 0] = narrow.sizes;
  const isDecimal = DECIMALS.includes(wide.name);
  return isDecimal ? digits >= narrowDigits && size - digits >= narrowSize - narrowDigits : size >= narrowSize;
}

/** `timestamp(3) with time zone` as its name, its sizes, and the rest. */
function partsOf(type: string) {
  const [, name = type, sizes, rest = ''] = /^([a-z]+(?: varying)?)(?:\((\d+(?:,\d+)?)\))?( .*)?$/.exec(type) ?? [];
  return { name, sizes: sizes?.split(',').map(Number) ?? [], rest };
}
