import { invalidSchema } from '../errors.js';
import type { SaidColumnOption, SetOption } from './mapping.js';
import { named } from './option.js';
import { isPlainObject } from './resolve-condition.js';
import { type SetValue, setValue } from './written.js';

/** A column that gets what a repair says. */
export interface SaidColumn {
  readonly column: string;
  readonly value: SetValue;
}

const WORDS = ['json', 'number', 'text'];

/** The column of a message or an exit code; `null`: there is none. Throws `INVALID_SCHEMA` with `path`. */
export function saidColumn(
  path: string,
  word: 'errorMsg' | 'exitCode',
  option: SaidColumnOption | null | undefined,
  fallback: string,
): SaidColumn | null {
  if (option === null) return null;
  if (!isPlainObject(option)) return { column: named(path, option, fallback), value: { text: word } };
  const { column, ...said } = option as { readonly column?: unknown } & Readonly<Record<string, unknown>>;
  const name = named(`${path}.column`, column ?? null, fallback);
  const words = Object.keys(said);
  if (words.length === 0) return { column: name, value: { text: word } };
  const wrong = words.find((each) => !WORDS.includes(each));
  if (wrong !== undefined) throw invalidSchema(`${path}.${wrong} is not an option`, `Use column, ${WORDS.join(', ')}`);
  return { column: name, value: setValue(path, said as SetOption, 'instant') };
}
