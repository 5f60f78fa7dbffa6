import type { Condition } from '../driver/table.js';
import { invalidSchema } from '../errors.js';
import type { ColumnValue } from './conditions.js';
import { type JsonOption, type SetOption, TIME_CODECS, type TimeCodec } from './mapping.js';
import { isPlainObject } from './resolve-condition.js';

/** What is written into a column for a state. */
export type SetValue =
  | { readonly value: ColumnValue }
  | { readonly now: TimeCodec }
  | { readonly text: 'errorMsg' | 'exitCode' }
  | { readonly number: 'exitCode' }
  | { readonly json: JsonOption }
  | { readonly increment: number };

const WORDS = ['now', 'text', 'number', 'json', 'increment'] as const;

/**
 * What is written for a state: what its option says, and otherwise the first values that its condition names. Throws
 * `INVALID_SCHEMA` with the path of the mistake.
 *
 * @param beside columns that something else is written into, unless the option says what.
 */
export function setOf(
  path: string,
  option: { readonly [column: string]: SetOption } | undefined,
  { when, codec, beside }: { readonly when: Condition; readonly codec: TimeCodec; readonly beside: readonly string[] },
): Record<string, SetValue> {
  const named = Object.entries(firstValues(when)).filter(([column]) => !beside.includes(column));
  if (option === undefined) return Object.fromEntries(named);
  if (!isPlainObject(option)) throw invalidSchema(`${path} is ${JSON.stringify(option)}`, 'Give an object of columns');
  const given = Object.entries(option).map(
    ([column, value]) => [column, setValue(`${path}.${column}`, value, codec)] as const,
  );
  return Object.fromEntries([...named, ...given]);
}

function firstValues(when: Condition): Record<string, SetValue> {
  const [first] = 'any' in when ? when.any : [when];
  const terms = first === undefined ? [] : 'all' in first ? first.all : [first];
  return Object.fromEntries(
    terms.flatMap((term) => ('in' in term ? [[term.column, { value: term.in[0] ?? null }] as const] : [])),
  );
}

/** What an option writes. `codec`: of a time that does not say its own. */
export function setValue(path: string, option: SetOption, codec: TimeCodec): SetValue {
  if (option === null || typeof option !== 'object') {
    if (option === null || ['string', 'boolean'].includes(typeof option) || Number.isFinite(option))
      return { value: option };
    throw wrongValue(path, option);
  }
  const [[word, value] = ['', undefined], ...others] = Object.entries(option);
  if (others.length > 0) throw wrongValue(path, option);
  switch (word) {
    case 'now':
      if (value === true) return { now: codec };
      if (TIME_CODECS.includes(value as TimeCodec)) return { now: value as TimeCodec };
      throw invalidSchema(`${path}.now is ${JSON.stringify(value)}`, `Use true, ${TIME_CODECS.join(', ')}`);
    case 'text':
      if (value === 'errorMsg' || value === 'exitCode') return { text: value };
      throw invalidSchema(`${path}.text is ${JSON.stringify(value)}`, 'Use errorMsg, exitCode');
    case 'number':
      if (value === 'exitCode') return { number: value };
      throw invalidSchema(`${path}.number is ${JSON.stringify(value)}`, 'Use exitCode');
    case 'json':
      return { json: value as JsonOption };
    case 'increment':
      if (Number.isSafeInteger(value)) return { increment: Number(value) };
      throw invalidSchema(`${path}.increment is ${JSON.stringify(value)}`, 'Give a whole number');
    default:
      throw wrongValue(path, option);
  }
}

const wrongValue = (path: string, option: unknown) =>
  invalidSchema(
    `${path} is ${JSON.stringify(option)}`,
    `Give a text, a finite number, a boolean, null, or an object with one of ${WORDS.join(', ')}`,
  );

/** A JSON value, with the texts of a repair in the places that ask for them. */
export function jsonWith(
  json: JsonOption,
  texts: { readonly errorMsg: string; readonly exitCode: string },
): JsonOption {
  if (Array.isArray(json)) return json.map((each: JsonOption) => jsonWith(each, texts));
  if (typeof json !== 'object' || json === null) return json;
  const { text, ...others } = json as Readonly<Record<string, JsonOption>>;
  if ((text === 'errorMsg' || text === 'exitCode') && Object.keys(others).length === 0) return texts[text];
  return Object.fromEntries(Object.entries(json).map(([name, each]) => [name, jsonWith(each, texts)]));
}

/** What is known of a row after a write. */
export interface AfterWriting {
  /** Whether it meets a condition; `undefined`: nobody knows. `otherwise`: what is taken for true of what is not written. */
  meets(condition: Condition, otherwise?: boolean): boolean | undefined;
}

/**
 * What a write leaves in the columns that it names.
 *
 * @param beside columns that get a value which is not NULL, and about which nothing else is known.
 */
export function afterWriting(set: Readonly<Record<string, SetValue>>, beside: readonly string[]): AfterWriting {
  const isTerm = (column: string, values: readonly ColumnValue[], otherwise: boolean | undefined) => {
    const written = set[column];
    if (written !== undefined && 'value' in written) return values.some((value) => value === written.value);
    if (written === undefined && !beside.includes(column)) return otherwise;
    return values.every((value) => value === null) ? false : undefined;
  };
  const meets: AfterWriting['meets'] = (condition, otherwise) => {
    if ('all' in condition) {
      const each = condition.all.map((one) => meets(one, otherwise));
      return each.includes(false) ? false : each.includes(undefined) ? undefined : true;
    }
    if ('any' in condition) {
      const each = condition.any.map((one) => meets(one, otherwise));
      return each.includes(true) ? true : each.includes(undefined) ? undefined : false;
    }
    if ('not' in condition) {
      const { not } = condition;
      if (otherwise !== undefined && 'in' in not && !(not.column in set) && !beside.includes(not.column))
        return otherwise;
      const is = meets(not, otherwise);
      return is === undefined ? undefined : !is;
    }
    return 'in' in condition ? isTerm(condition.column, condition.in, otherwise) : undefined;
  };
  return { meets };
}
