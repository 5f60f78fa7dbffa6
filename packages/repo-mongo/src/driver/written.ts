import type { Assignment, Table, Write } from '@jobsweep/core';
import type { Bson } from '../values/bson.js';
import { rawIn } from '../values/mongo-values.js';
import { rawTime } from '../values/times.js';
import { timeOrNull } from './expressions.js';
import { NOW } from './rows.js';

/** What is written whatever the document holds. */
export type Given = Exclude<Write, { readonly increment: number } | { readonly firstSet: readonly string[] }>;

/** What a field holds once that is written. */
export function rawOf(bson: Bson, table: Table, column: string, write: Given): unknown {
  const { times } = table;
  if ('value' in write) return write.value;
  if ('exact' in write) return rawIn(bson, table, column, write.exact);
  return 'json' in write ? write.json : rawTime(write.time, times.get(column)?.codec ?? 'instant');
}

/** What is written, in a pipeline, where a text that begins with a dollar would be the name of a field. */
export function expressionOf(bson: Bson, table: Table, column: string, write: Assignment): unknown {
  if ('increment' in write) return { $add: [{ $ifNull: [`$${column}`, 0] }, write.increment] };
  if ('firstSet' in write) {
    const otherwise = { $literal: rawOf(bson, table, column, { time: write.otherwise }) };
    return write.firstSet.reduceRight<unknown>(
      (rest, time) => ({ $ifNull: [timeOrNull(table, time, ''), rest] }),
      otherwise,
    );
  }
  if (!('afterSeconds' in write)) return { $literal: rawOf(bson, table, column, write) };
  const then = { $add: [NOW, Math.round(write.afterSeconds * 1000)] };
  const codec = table.times.get(column)?.codec;
  if (codec === 'epochMillis') return { $toLong: then };
  return codec === 'epochSeconds' ? { $floor: { $divide: [{ $toLong: then }, 1000] } } : then;
}
