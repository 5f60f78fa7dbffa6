import { types } from 'node:util';
import { type Exact, isoTextOf, type TimeCodec, type TimeColumn } from '@jobsweep/core';
import { type Bson, exactText, fromExactText } from './bson.js';

/** A time as its field holds it. */
export type RawTime = Date | number | string;

/** Decimal places between the number in a field and microseconds. */
const PLACES = { epochSeconds: 6, epochMillis: 3 } as const;

/** A time as exact text: microseconds since 1970, or the text of what is no time of this codec. */
export function exactTime(bson: Bson, raw: unknown, codec: TimeCodec): Exact {
  if (codec === 'isoText' && typeof raw === 'string') return raw;
  const [number, places] = isEpoch(codec) ? [numberText(raw), PLACES[codec]] : [dateText(raw), 3];
  return number === undefined ? exactText(bson, raw) : shifted(number, places);
}

/** The raw value of such a text. */
export function fromExactTime(bson: Bson, exact: Exact, codec: TimeCodec): unknown {
  if (exact !== null && codec === 'isoText') return exact;
  if (exact === null || !/^-?\d+(\.\d+)?$/.test(exact)) return fromExactText(bson, exact);
  if (isEpoch(codec)) return Number(`${exact}e-${PLACES[codec]}`);
  return new Date(Number(exact) / 1000);
}

/** An instant as a field of this codec holds it. Parts of a second are cut from `epochSeconds`. */
export function rawTime(micros: bigint, codec: TimeCodec): RawTime {
  if (codec === 'isoText') return isoTextOf(micros);
  if (codec === 'epochSeconds') return Math.floor(Number(micros) / 1e6);
  const millis = Math.floor(Number(micros) / 1000);
  return codec === 'epochMillis' ? millis : new Date(millis);
}

/** The bound that times strictly before an instant are less than; the instant may be between two milliseconds. */
export function rawHorizon(micros: bigint, codec: TimeCodec): RawTime {
  if (isEpoch(codec)) return Number(micros) / 10 ** PLACES[codec];
  return new Date(Math.ceil(Number(micros) / 1000));
}

/** The values that mean "not set", besides null. */
export function unsetTimes({ codec, unset }: TimeColumn): RawTime[] {
  if (codec === 'isoText') return unset.map(String);
  return unset.map((value) => (codec === 'instant' ? new Date(value) : Number(value)));
}

/** What a field of this codec holds, in the words of `$type`. */
export function typeOfTime(codec: TimeCodec): 'date' | 'number' | 'string' {
  if (codec === 'isoText') return 'string';
  return isEpoch(codec) ? 'number' : 'date';
}

const isEpoch = (codec: TimeCodec): codec is keyof typeof PLACES => Object.hasOwn(PLACES, codec);

function dateText(raw: unknown): string | undefined {
  return types.isDate(raw) && !Number.isNaN(raw.getTime()) ? String(raw.getTime()) : undefined;
}

/** The digits of a number, also of a 64-bit integer beyond 2^53 and of a decimal. */
function numberText(raw: unknown): string | undefined {
  const type = (raw as { readonly _bsontype?: string } | null | undefined)?._bsontype ?? typeof raw;
  const text = ['number', 'bigint', 'Long', 'Decimal128'].includes(type) ? String(raw) : '';
  return /^-?\d+(\.\d+)?$/.test(text) ? text : undefined;
}

/** A number in digits, so many decimal places larger. */
function shifted(text: string, places: number): string {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const digits = whole + fraction.padEnd(places, '0');
  const rest = digits.slice(whole.length + places).replace(/0+$/, '');
  const micros = BigInt(digits.slice(0, whole.length + places));
  return `${text.startsWith('-') ? '-' : ''}${micros}${rest === '' ? '' : `.${rest}`}`;
}
