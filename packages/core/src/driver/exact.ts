import type { RawState } from '../schema/mapping.js';
import type { TimeColumn } from '../schema/time-column.js';
import { isoTextOf, microsOfIsoText } from './iso-text.js';

/**
 * A value as text, so exact that two are the same just when the database holds the same. Of a time: microseconds since
 * 1970, with a fraction where the database holds one (of a `zone` those that its clocks show, as if they showed UTC), or any
 * other text for what is no instant, such as `infinity`; an `isoText` is what it is. `null` for NULL and for no value.
 */
export type Exact = string | null;

/** The key of a row: the exact value of each column of it. */
export type Key = readonly Exact[];

/** A key as one text, for maps. */
export const keyText = (key: Key): string => (key.length === 1 ? String(key[0]) : JSON.stringify(key));

const EPOCH_MICROS = { epochSeconds: 1_000_000n, epochMillis: 1000n } as const;

/** Microseconds since 1970 of a `Date`. */
export const microsOf = (date: Date): bigint => BigInt(date.getTime()) * 1000n;

/** Microseconds of so many seconds. */
export const secondsToMicros = (seconds: number): bigint => BigInt(Math.round(seconds * 1e6));

/** A value of `unset` in a time column as exact text. */
export function exactUnset(value: RawState, codec: TimeColumn['codec']): string {
  if (codec === 'isoText') return String(value);
  if (typeof value === 'number') {
    const unit = codec === 'epochSeconds' || codec === 'epochMillis' ? EPOCH_MICROS[codec] : 1n;
    return String(BigInt(value) * unit);
  }
  const millis = Date.parse(value);
  return Number.isNaN(millis) ? value : String(BigInt(millis) * 1000n);
}

/** What a column of times holds at an instant: such a text again. */
export function exactAt(micros: bigint, { codec, zone }: TimeColumn): string {
  return codec === 'isoText' ? isoTextOf(micros) : String(heldAt(micros, zone));
}

/** An exact time as whole microseconds since 1970, cut; `null` where it is not set, or is no instant. */
export function toMicros(exact: Exact, time: TimeColumn): bigint | null {
  if (time.codec === 'isoText') return exact === null || time.unset.includes(exact) ? null : microsOfIsoText(exact);
  const micros = toNumber(exact, time);
  return micros === null || time.zone === undefined ? micros : time.zone.instantOf(micros);
}

/** What a column without texts holds at an instant, in microseconds: what the clocks of its zone show. */
export const heldAt = (micros: bigint, zone: TimeColumn['zone']): bigint => zone?.shownAt(micros) ?? micros;

function toNumber(exact: Exact, { codec, unset }: TimeColumn): bigint | null {
  if (exact === null || !/^-?\d+(\.\d+)?$/.test(exact)) return null;
  if (unset.length > 0 && unset.some((value) => exactUnset(value, codec) === exact)) return null;
  const point = exact.indexOf('.');
  if (point === -1) return BigInt(exact);
  return BigInt(exact.slice(0, point)) - (exact.startsWith('-') ? 1n : 0n);
}

/** The same as a `Date`, which has no microseconds: they are cut, so it is never later. `null` also for what none can hold. */
export function toDate(exact: Exact, column: TimeColumn): Date | null {
  // Nearly all times are whole numbers that need no big integers, which take several times as long.
  const isPlain = column.unset.length === 0 && column.zone === undefined && column.codec !== 'isoText';
  const isWhole = exact !== null && isPlain && /^-?\d+$/.test(exact);
  const number = isWhole ? Number(exact) : Number.NaN;
  if (Number.isSafeInteger(number)) return new Date((number - (((number % 1000) + 1000) % 1000)) / 1000);
  const micros = toMicros(exact, column);
  if (micros === null) return null;
  const date = new Date(Number((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n));
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Whether a time is as it was read: to the microsecond or, of a row made by hand, within its millisecond. */
export function sameTime(
  given: { readonly exact: Exact | undefined; readonly date: Date | null },
  now: Exact,
  column: TimeColumn,
): boolean {
  if (given.exact !== undefined) return given.exact === now;
  return (given.date?.getTime() ?? null) === (toDate(now, column)?.getTime() ?? null);
}
