import { createHash } from 'node:crypto';

/** What a statement binds. An array is one value to `pg`, and a list with commas between its elements to `mysql2`. */
export type Bound = string | number | boolean | null | readonly (string | null)[];

/** A piece of SQL, and the values between its parts: one part more than there are values. */
export interface Sql {
  readonly parts: readonly string[];
  readonly values: readonly Bound[];
  /** The server is to keep it as prepared, under `preparedName`. Default: it plans it anew each time. */
  readonly isPrepared?: boolean;
}

const isSql = (given: Sql | Bound): given is Sql => typeof given === 'object' && given !== null && 'parts' in given;

/** SQL with values to bind, and with other SQL: sql`select ${column} from ${table} where ${column} > ${5}`. */
export function sql(strings: readonly string[], ...given: readonly (Sql | Bound)[]): Sql {
  const parts = [strings[0] ?? ''];
  const values: Bound[] = [];
  for (const [index, each] of given.entries()) {
    const piece = isSql(each) ? each : { parts: ['', ''], values: [each] };
    for (const [place, part] of piece.parts.entries()) {
      if (place === 0) parts.push(`${parts.pop() ?? ''}${part}`);
      else parts.push(part);
    }
    values.push(...piece.values);
    parts.push(`${parts.pop() ?? ''}${strings[index + 1] ?? ''}`);
  }
  return { parts, values };
}

/** SQL as it is. */
export const verbatim = (text: string): Sql => ({ parts: [text], values: [] });

export const NOTHING = verbatim('');

/** A number that is part of the statement, and not bound: how many rows. */
export const numeral = (value: number): Sql => verbatim(String(value));

/** Pieces with a text between them. */
export function joined(pieces: readonly Sql[], between: string): Sql {
  const [first = NOTHING, ...rest] = pieces;
  const gaps = rest.map(() => between);
  return sql(['', ...gaps, ''], first, ...rest);
}

/** Values with commas between them. */
export const listed = (values: readonly Bound[]): Sql => ({
  parts: ['', ...values.slice(1).map(() => ', '), ''],
  values,
});

/** SQL with its values in it, each as `literal` writes it. */
export const inlined = ({ parts, values }: Sql, literal: (value: Bound) => string): string =>
  parts.map((part, index) => (index === 0 ? part : `${literal(values[index - 1] ?? null)}${part}`)).join('');

/** What the server keeps a prepared statement under: the same for the same text, in fewer letters than names may have. */
export const preparedName = (text: string): string => `jobsweep_${createHash('sha1').update(text).digest('hex')}`;

/** A value that `mysql2` puts into a statement as it is. */
interface AsIs {
  toSqlString(): string;
}

/** A statement as a driver takes it. */
export interface NativeSql {
  readonly text: string;
  readonly values: readonly (Bound | AsIs)[];
  /** What the server keeps it under. Absent: it does not. */
  readonly name?: string;
}

/** For `pg`: `$1`, `$2`. */
export function numbered({ parts, values, isPrepared }: Sql): NativeSql {
  const text = parts.map((part, index) => (index === 0 ? part : `$${index}${part}`)).join('');
  return { text, values, ...(isPrepared && { name: preparedName(text) }) };
}

/** For `mysql2`, which takes every `?` of a statement for the place of a value: those in names get there as values. */
export function marked({ parts, values }: Sql): NativeSql {
  const given: (Bound | AsIs)[] = [];
  const text = parts.map((part, index) => {
    const mark = index === 0 ? '' : '?';
    if (index > 0) given.push(values[index - 1] ?? null);
    if (!part.includes('?')) return `${mark}${part}`;
    given.push({ toSqlString: () => part });
    // Two marks in a row would be one for a name.
    return `${mark} ? `;
  });
  return { text: text.join(''), values: given };
}
