import type { ErrorCode } from '../errors.js';
import type { BlockedRow } from './result.js';

/** Rows that were refused for one reason. */
export interface RefusedRows {
  /** The constraint or trigger, where the database names one. */
  readonly constraint: string | null;
  readonly code: ErrorCode;
  /** What the database said of the first of them. */
  readonly message: string;
  readonly rows: number;
  /** There may be more: only the first hundred refused rows of a pass are known by name. */
  readonly isCapped: boolean;
  /** The first three. */
  readonly ids: readonly string[];
}

const IDS_NAMED = 3;

/**
 * The refused rows of a pass by what refused them, the most first. Where the database names no constraint, texts that
 * differ in nothing but numbers and quoted values are one reason.
 */
export function refusedRows({
  blocked,
  itemsBlocked,
}: {
  readonly blocked: readonly BlockedRow[];
  readonly itemsBlocked: number;
}): RefusedRows[] {
  const groups = new Map<string, [BlockedRow, ...BlockedRow[]]>();
  for (const row of blocked) {
    const { constraint, code, message } = row;
    const reason = constraint ?? `${code} ${message.replaceAll(/'[^']*'|"[^"]*"|\d+/g, '?')}`;
    const group = groups.get(reason);
    if (group === undefined) groups.set(reason, [row]);
    else group.push(row);
  }
  return [...groups.values()]
    .sort((one, other) => other.length - one.length)
    .map((rows) => ({
      constraint: rows[0].constraint ?? null,
      code: rows[0].code,
      message: rows[0].message,
      rows: rows.length,
      isCapped: itemsBlocked > blocked.length,
      ids: rows.slice(0, IDS_NAMED).map(({ id }) => id),
    }));
}

/** `Row 7`, `2 rows (7, 9)`, `100+ rows (1, 2, 3, ...)`. */
export function rowsNamed({ rows, isCapped, ids }: RefusedRows): string {
  if (rows === 1 && !isCapped) return `Row ${ids[0]}`;
  const more = rows > ids.length || isCapped ? ', ...' : '';
  return `${rows}${isCapped ? '+' : ''} rows (${ids.join(', ')}${more})`;
}
