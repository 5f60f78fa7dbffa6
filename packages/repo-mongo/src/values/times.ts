import { types } from 'node:util';
import type { TimeCodec, TimeColumn } from '@jobsweep/core';

/** A time as its field holds it. */
export type RawTime = Date | number;

/** Reads a time; `null` for null, for an unset value, and for what is no time of this codec. */
export function toDate(raw: unknown, column: TimeColumn): Date | null {
  const millis = millisOf(raw, column.codec);
  const isUnset = unsetTimes(column).some((unset) => millisOf(unset, column.codec) === millis);
  if (millis === undefined || isUnset) return null;
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** An instant as a field of this codec holds it. Parts of a second are cut from `epochSeconds`. */
export function rawTime(millis: number, codec: TimeCodec): RawTime {
  if (codec === 'epochSeconds') return Math.floor(millis / 1000);
  return codec === 'epochMillis' ? millis : new Date(millis);
}

/** The bound that times strictly before an instant are less than; the instant may be between two milliseconds. */
export function rawHorizon(millis: number, codec: TimeCodec): RawTime {
  if (codec === 'epochSeconds') return millis / 1000;
  return codec === 'epochMillis' ? millis : new Date(Math.ceil(millis));
}

/** The values that mean "not set", besides null. */
export function unsetTimes({ codec, unset }: TimeColumn): RawTime[] {
  return unset.map((value) => (codec === 'instant' ? new Date(value) : Number(value)));
}

function millisOf(raw: unknown, codec: TimeCodec): number | undefined {
  if (codec === 'instant') return types.isDate(raw) ? raw.getTime() : undefined;
  const isNumber = ['number', 'bigint'].includes(typeof raw) || isWrappedNumber(raw);
  if (!isNumber) return undefined;
  return codec === 'epochSeconds' ? Number(raw) * 1000 : Number(raw);
}

/** A 64-bit integer beyond 2^53, or a decimal. */
function isWrappedNumber(raw: unknown): boolean {
  return ['Long', 'Decimal128'].includes((raw as { readonly _bsontype?: string } | null)?._bsontype ?? '');
}
