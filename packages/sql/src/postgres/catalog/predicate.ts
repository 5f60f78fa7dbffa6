/** The rows that a partial index holds: those whose column has one of these values. */
export interface Predicate {
  readonly column: string;
  readonly values: ReadonlySet<string | null>;
}

const CAST = /::(?:"[^"]+"|[a-z_][\w.]*)(?: [a-z]+)*(?:\(\d+(?:,\d+)?\))?(?:\[\])?/g;
const ARRAY_TEXT = /^\{([\w,-]*)\}$/;

/**
 * Reads what `pg_get_expr` says of an index on rows of some states: `(state = 'RUNNING'::text)`,
 * `((state)::text = ANY ((ARRAY['A'::character varying, 'B'::character varying])::text[]))`, `(ended IS NULL)`, `(is_done = false)`,
 * `(NOT is_done)` or `is_done`. Anything else is a condition that nobody here understands: `undefined`.
 */
export function readPredicate(expression: string): Predicate | undefined {
  const texts: string[] = [];
  // Whatever is in quotes first, since it may hold what the rest is read by.
  const bare = expression
    .replace(/'((?:[^']|'')*)'|"((?:[^"]|"")*)"/g, (_match, text?: string, name: string = '') =>
      text === undefined
        ? `"${texts.push(name.replaceAll('""', '"')) - 1}"`
        : `$${texts.push(text.replaceAll("''", "'")) - 1}`,
    )
    .replace(CAST, '')
    .replace(/[()]/g, '')
    .trim();
  const [, not, quoted, plain, isNull, any, right] =
    /^(NOT )?(?:"(\d+)"|([a-z_]\w*))(?:( IS NULL)| = (ANY )?(.+))?$/.exec(bare) ?? [];
  const name = plain ?? texts[Number(quoted)];
  if (name === undefined || (not !== undefined && (isNull ?? right) !== undefined)) return undefined;
  if (right === undefined) return { column: name, values: new Set([isNull ? null : String(not === undefined)]) };
  const values = any === undefined ? [rawOf(right, texts)] : listOf(right, texts);
  if (values.includes(undefined)) return undefined;
  return { column: name, values: new Set(values as string[]) };
}

function listOf(right: string, texts: readonly string[]): (string | undefined)[] {
  const items = /^ARRAY\[(.*)\]$/.exec(right)?.[1];
  if (items !== undefined) return items.split(', ').map((item) => rawOf(item, texts));
  return ARRAY_TEXT.exec(rawOf(right, texts) ?? '')?.[1]?.split(',') ?? [undefined];
}

function rawOf(item: string, texts: readonly string[]): string | undefined {
  const text = /^\$(\d+)$/.exec(item)?.[1];
  if (text !== undefined) return texts[Number(text)];
  return /^(?:-?\d+|true|false)$/.test(item) ? item : undefined;
}
