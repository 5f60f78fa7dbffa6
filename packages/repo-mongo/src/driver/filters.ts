import {
  type ColumnValue,
  type Condition,
  ISO_TEXT,
  isoTextBefore,
  type Key,
  type Link,
  type Table,
} from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import { fromExactText } from '../values/bson.js';
import { isObjectId, rawIds } from '../values/ids.js';
import { type RawTime, rawHorizon, typeOfTime, unsetTimes } from '../values/times.js';

/** A condition of the query language: what `$match` and the filters of writes take. */
export type Filter = mongo.Document;

/** A condition on other documents. */
export type Linked = Extract<Condition, { readonly exists: Link }>;

/** Whether a field holds an array: for the server one has all the values of its elements. */
const IS_ARRAY = { $type: 'array' };

/** Whether all of these hold, in as flat a form as can be: planners look at the top first. */
export function all(...filters: readonly Filter[]): Filter {
  const top: Filter = {};
  const rest: Filter[] = [];
  for (const [key, value] of filters.flatMap((filter) => Object.entries(filter) as [string, unknown][])) {
    if (key === '$and') rest.push(...(value as Filter[]));
    else if (!(key in top)) top[key] = value;
    else if (areOperators(top[key]) && areOperators(value) && !Object.keys(value).some((each) => each in top[key]))
      top[key] = { ...top[key], ...value };
    else rest.push({ [key]: value });
  }
  return rest.length > 0 ? { ...top, $and: rest } : top;
}

/** Whether a value is what is asked of a field, and not a list of conditions. */
const areOperators = (value: unknown): value is Filter =>
  value?.constructor === Object && Object.keys(value).every((key) => key.startsWith('$'));

/** Whether fields hold one of these keys. */
export function among({ bson }: Collections, fields: readonly string[], keys: readonly Key[]): Filter {
  const raw = (key: Key, index: number) => fromExactText(bson, key[index] ?? null);
  if (fields.length === 1) return { [String(fields[0])]: { $in: keys.map((key) => raw(key, 0)) } };
  return {
    $or: keys.map((key) => Object.fromEntries(fields.map((field, index) => [field, { $eq: raw(key, index) }]))),
  };
}

/** Compiles conditions into the query language. */
export class Filters {
  /** @param linked what a condition on other documents becomes; `at` is what comes before the fields of its own. */
  constructor(
    private readonly collections: Collections,
    private readonly linked: (condition: Linked, at: string) => Filter,
  ) {}

  /** @param at what comes before the fields of the table: the name under which a lookup has put its document. */
  of(table: Table, condition: Condition, at = ''): Filter {
    if ('all' in condition) return all(...condition.all.map((each) => this.of(table, each, at)));
    if ('any' in condition) {
      const [first, ...others] = condition.any.map((each) => this.of(table, each, at));
      if (first === undefined) return { $nor: [{}] };
      return others.length === 0 ? first : { $or: [first, ...others] };
    }
    if ('not' in condition) return this.not(table, condition.not, at);
    if ('exists' in condition) return this.linked(condition, at);
    if ('time' in condition) return { [at + condition.time]: timeIs(table, condition) };
    return { [at + condition.column]: this.isIn(table, condition) };
  }

  /** A condition of the field where it can be: a `$nor` at the top can keep a planner from the index of another field. */
  private not(table: Table, condition: Condition, at: string): Filter {
    if ('any' in condition) return all(...condition.any.map((each) => this.not(table, each, at)));
    if ('time' in condition) return { [at + condition.time]: { $not: timeIs(table, condition) } };
    if ('in' in condition) return { [at + condition.column]: { $not: this.isIn(table, condition) } };
    return { $nor: [this.of(table, condition, at)] };
  }

  /** To the server a decimal is any number of the same value. */
  private isIn(table: Table, { column, in: values }: Extract<Condition, { in: unknown }>): Filter {
    const isNumber = values.some((value) => typeof value === 'number');
    const others = isNumber && !table.key.includes(column) ? { $type: ['array', 'decimal'] } : IS_ARRAY;
    return { $in: rawValues(this.collections, table, column, values), $not: others };
  }
}

/** What a field may hold for any of these values. */
export function rawValues(
  collections: Collections,
  table: Table,
  column: string,
  values: readonly ColumnValue[],
): unknown[] {
  const { bson } = collections;
  return values.flatMap((value): unknown[] => {
    if (typeof value !== 'string') return [value];
    if (table.key.includes(column)) return rawIds(bson, collections.of(table).idType, value);
    // A text that looks like an ObjectId may be one: there is no other way to name it.
    return isObjectId(value) ? [value, new bson.ObjectId(value)] : [value];
  });
}

function timeIs({ times }: Table, condition: Extract<Condition, { time: string }>): Filter {
  const column = times.get(condition.time) ?? { column: condition.time, codec: 'instant', unset: [] };
  const unset = unsetTimes(column);
  if (column.codec === 'isoText') return isIsoText(unset, condition);
  const one = { $not: IS_ARRAY, ...(unset.length > 0 && { $nin: unset }) };
  if ('before' in condition) return { $lt: rawHorizon(condition.before, column.codec), ...one };
  const isTime = { $type: typeOfTime(column.codec), ...one };
  return condition.isSet ? isTime : { $not: isTime };
}

/** The same of texts: to the second they are in order as their times are, and behind it an expression tells. */
function isIsoText(unset: readonly RawTime[], condition: Extract<Condition, { time: string }>): Filter {
  const isText = { $type: 'string', $in: [new RegExp(ISO_TEXT)], $not: IS_ARRAY };
  if ('isSet' in condition) {
    const isTime = { ...isText, $nin: [...unset] };
    return condition.isSet ? isTime : { $not: isTime };
  }
  const { before, except } = isoTextBefore(condition.before);
  return { ...isText, $lt: before, $nin: [...unset, ...(except === null ? [] : [new RegExp(except)])] };
}
