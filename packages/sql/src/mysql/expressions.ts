import type { Clock, TimeCodec } from '@jobsweep/core';
import type { Knex } from 'knex';

/** Texts of `date_format` for ISO 8601 in UTC with microseconds. */
const ISO = `'%Y-%m-%dT%H:%i:%s.%fZ'`;

/** The least time that counts as one. Zero dates, which old servers write for "none", lie before it. */
const FIRST_TIME = '1000-01-01 00:00:00';

export const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** A value as text, whatever the type and character set of the column. */
export function textOf(build: Knex, value: Knex.Raw): Knex.Raw {
  return build.raw('convert(? using utf8mb4)', [value]);
}

/** The current time in the ways that columns hold it: the start of the statement, or that of a test's clock. */
export interface Now {
  /** A DATETIME in UTC. */
  readonly utc: Knex.Raw;
  /** A DATETIME in the time zone of the session, as TIMESTAMP columns are read and written. */
  readonly local: Knex.Raw;
  /** Microseconds since 1970. */
  readonly micros: Knex.Raw;
}

export function nowOf(build: Knex, clock: Clock | undefined): Now {
  const utc =
    clock === undefined
      ? build.raw('utc_timestamp(6)')
      : build.raw('cast(? as datetime(6))', [toDateTime(clock.now().toISOString())]);
  return {
    utc,
    local: clock === undefined ? build.raw('now(6)') : toLocal(build, utc),
    micros: build.raw("timestampdiff(microsecond, '1970-01-01', ?)", [utc]),
  };
}

function toLocal(build: Knex, utc: Knex.Raw): Knex.Raw {
  return build.raw("convert_tz(?, '+00:00', @@session.time_zone)", [utc]);
}

/** A TIMESTAMP column as microseconds since 1970: exact, also in the hour that a time zone's clocks go through twice. */
function microsOf(build: Knex, column: Knex.Raw): Knex.Raw {
  return build.raw('cast(unix_timestamp(?) * 1000000 as signed)', [column]);
}

/** See `Dialect.timeText`. */
export function columnText(build: Knex, column: Knex.Raw, codec: TimeCodec): Knex.Raw {
  switch (codec) {
    case 'instant': {
      const utc = build.raw("timestampadd(microsecond, ?, '1970-01-01 00:00:00.000000')", [microsOf(build, column)]);
      return build.raw(`date_format(?, ${ISO})`, [utc]);
    }
    case 'utcDateTime':
      return build.raw(`date_format(?, ${ISO})`, [column]);
    case 'epochSeconds':
    case 'epochMillis':
      return textOf(build, column);
  }
}

/** The horizon of an age: microseconds are whole, so nothing of it is lost. */
interface Horizon {
  readonly utc: Knex.Raw;
  readonly local: Knex.Raw;
  readonly micros: Knex.Raw;
}

export function horizonOf(build: Knex, now: Now, maxAgeSeconds: number): Horizon {
  const ageMicros = Math.round(maxAgeSeconds * 1e6);
  return {
    utc: build.raw('(? - interval ? microsecond)', [now.utc, ageMicros]),
    local: build.raw('(? - interval ? microsecond)', [now.local, ageMicros]),
    micros: build.raw('(? - ?)', [now.micros, ageMicros]),
  };
}

/** See `Dialect.horizonText`. */
export function horizonText(build: Knex, horizon: Horizon, codec: TimeCodec): Knex.Raw {
  if (codec === 'instant' || codec === 'utcDateTime') return build.raw(`date_format(?, ${ISO})`, [horizon.utc]);
  return textOf(build, wholeEpoch(build, horizon.micros, codec));
}

/** A row with the whole number v is before the horizon h just when v < ceil(h). */
function wholeEpoch(build: Knex, micros: Knex.Raw, codec: 'epochSeconds' | 'epochMillis'): Knex.Raw {
  const unit = unitMicros(codec);
  return build.raw('(? div ? + (? mod ? > 0))', [micros, unit, micros, unit]);
}

export const unitMicros = (codec: 'epochSeconds' | 'epochMillis'): number => (codec === 'epochSeconds' ? 1e6 : 1e3);

/**
 * How far a session's idea of a time may be from the time, for a bound that an index can use beside the exact one: in
 * a zone with daylight saving some times of the day come twice.
 */
const SLACK = "interval if(@@session.time_zone = '+00:00', 0, 3) hour";

/** Whether a time column is strictly before a horizon; NULL and zero dates are not. */
export function isBefore(build: Knex, column: Knex.Raw, codec: TimeCodec, horizon: Horizon): Knex.Raw {
  switch (codec) {
    case 'instant': {
      const sargable = build.raw(`? < ? + ${SLACK}`, [column, horizon.local]);
      const micros = microsOf(build, column);
      return build.raw('(? and ? < ? and ? > 0)', [sargable, micros, horizon.micros, micros]);
    }
    case 'utcDateTime':
      return build.raw(`(? >= '${FIRST_TIME}' and ? < ?)`, [column, column, horizon.utc]);
    case 'epochSeconds':
    case 'epochMillis':
      return build.raw('? < ?', [column, wholeEpoch(build, horizon.micros, codec)]);
  }
}

/** What these servers take for a time and is none, as old ones write it for "none"; an index can use the first part. */
export function noTime(build: Knex, column: Knex.Raw, codec: TimeCodec): Knex.Raw[] {
  if (codec === 'utcDateTime') return [build.raw(`? < '${FIRST_TIME}'`, [column])];
  if (codec !== 'instant') return [];
  return [build.raw("(? < '1970-01-02' and ? <= 0)", [column, microsOf(build, column)])];
}

/** Seconds from a time to now, as a decimal. */
export function secondsSince(build: Knex, column: Knex.Raw, codec: TimeCodec, now: Now): Knex.Raw {
  switch (codec) {
    case 'instant':
      return build.raw('(? - ?) / 1000000', [now.micros, microsOf(build, column)]);
    case 'utcDateTime':
      return build.raw('timestampdiff(microsecond, ?, ?) / 1000000', [column, now.utc]);
    case 'epochSeconds':
    case 'epochMillis':
      // The quotient is a decimal: the difference may be below zero, also where the column is unsigned.
      return build.raw('(? / ? - ?) / ?', [now.micros, unitMicros(codec), column, 1e6 / unitMicros(codec)]);
  }
}

/** Whether a time column is, or is after, an exact time: `{ same, later, reached }`, of which an index can use the last. */
export function comparedTo(build: Knex, column: Knex.Raw, codec: TimeCodec, time: string) {
  if (codec === 'instant') {
    const micros = microsOf(build, column);
    const exact = microsOfIso(time);
    const local = toLocal(build, build.raw('cast(? as datetime(6))', [toDateTime(time)]));
    return {
      same: build.raw('? = ?', [micros, exact]),
      later: build.raw('? > ?', [micros, exact]),
      reached: build.raw(`? >= ? - ${SLACK}`, [column, local]),
    };
  }
  const exact =
    codec === 'utcDateTime' ? build.raw('cast(? as datetime(6))', [toDateTime(time)]) : build.raw('?', [time]);
  return {
    same: build.raw('? = ?', [column, exact]),
    later: build.raw('? > ?', [column, exact]),
    reached: build.raw('? >= ?', [column, exact]),
  };
}

/** `2026-02-10T12:00:00.000001Z` in the words of these databases. */
const toDateTime = (iso: string): string => iso.replace('T', ' ').replace('Z', '');

/** Microseconds since 1970, as text: beyond what a double holds exactly in the far future. */
function microsOfIso(iso: string): string {
  const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(iso) ?? [];
  return String(BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6)));
}
