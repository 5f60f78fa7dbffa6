import type { SchemaOptions, TimeCodec } from '@jobsweep/core';
import type { ContractSubject, IdKind, Layout } from '../cluster.js';

/** Ids of a kind, in the order of their numbers. */
export const IDS: Readonly<Record<IdKind, (number: number) => string>> = {
  number: String,
  bigint: (number) => String(9_007_199_254_740_992n + BigInt(number)),
  uuid: (number) => `0196a3f0-7e1c-7b52-9d9f-${String(number).padStart(12, '0')}`,
  text: (number) => `${String(number).padStart(2, '0')} "a", {b}\\ 'c' NULL : $1 ü 漢 %`,
  // Neither column is unique alone.
  pair: (number) => JSON.stringify([String(Math.floor(number / 5)), `"${number % 5}", 'ü'`]),
  objectId: (number) => `65f065f065f0${String(number).padStart(12, '0')}`,
};

/** A mapping, with the columns of ids of a kind where these are several. */
export function keysAs(kind: IdKind, { jobs, allocations }: SchemaOptions = {}): SchemaOptions {
  if (kind !== 'pair') return { ...(jobs && { jobs }), ...(allocations && { allocations }) };
  return {
    jobs: { ...jobs, columns: { ...jobs?.columns, id: ['part', 'id'] } },
    allocations: {
      ...allocations,
      columns: { ...allocations?.columns, id: ['part', 'id'], jobId: ['job_part', 'job_id'] },
    },
  };
}

/** The smallest step between two times of a layout, in microseconds. */
export function stepOf({ schema }: Layout, precisionMicros: ContractSubject<object>['precisionMicros'] = 1): number {
  const { startTime } = schema?.jobs?.columns ?? {};
  const codec = typeof startTime === 'object' ? startTime.codec : undefined;
  if (codec === 'epochSeconds') return 1_000_000;
  return codec === 'epochMillis' || codec === 'isoText' ? Math.max(1000, precisionMicros) : precisionMicros;
}

/** All times of both tables in columns of one kind. */
export function timesOf(codec: TimeCodec, unset: readonly (string | number)[] = []): SchemaOptions {
  const time = (column: string) => ({ column, codec, unset });
  return {
    jobs: { columns: { startTime: time('began'), endTime: time('ended') } },
    allocations: { columns: { allocationTime: time('since'), releasedTime: time('until') } },
  };
}

/** Not the beginning of 1970, which is no `timestamp` of MySQL. */
const UNSET_DATE = '1971-01-01T00:00:00.000000Z';

/** A value that stands for "not set", as many systems have it: 0, or a date long ago. */
export function unsetTime(codec: TimeCodec): { readonly raw: string | number; readonly iso: string } {
  return codec.startsWith('epoch')
    ? { raw: 0, iso: '1970-01-01T00:00:00.000000Z' }
    : { raw: UNSET_DATE, iso: UNSET_DATE };
}
