import { JobsweepError } from '@jobsweep/core';
import type { Ask } from '../catalog.js';
import { verbatim } from '../driver/sql.js';

/** See `StoreInspection.measure`. */
export async function measure(ask: Ask, query: string): Promise<number | null> {
  const rows = await ask(({ run }) => run(verbatim(query)));
  const [row] = rows;
  const values = row === undefined ? [] : Object.values(row);
  if (rows.length !== 1 || values.length !== 1) {
    throw notOneNumber(`${rows.length === 1 ? `${values.length} columns` : `${rows.length} rows`}`);
  }
  const [value] = values;
  if (value === null) return null;
  const number = value === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number)) throw notOneNumber(`'${value}'`);
  return number;
}

const notOneNumber = (answer: string) =>
  new JobsweepError('INVALID_OPTION', `The query of the probe answered with ${answer}: let it give one number.`);
