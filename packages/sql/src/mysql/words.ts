import {
  exactUnset,
  ISO_TEXT,
  isoOf,
  isoTextBefore,
  isoTextOf,
  type RawState,
  type TimeCodec,
  type TimeColumn,
} from '@jobsweep/core';
import { isBehind } from '../driver/source.js';
import { joined, listed, type Sql, sql, verbatim } from '../driver/sql.js';
import type { Words } from '../driver/words.js';

const EPOCH_MICROS = { epochSeconds: 1_000_000n, epochMillis: 1000n } as const;

/** The least time that counts as one. Zero dates, which old servers write for "none", lie before it. */
const FIRST_TIME = verbatim("'1000-01-01 00:00:00'");

/**
 * How far a session's idea of a time may be from the time, for a bound that an index can use beside the exact one: in
 * a zone with daylight saving some times of the day come twice.
 */
const SLACK = verbatim("interval if(@@session.time_zone = '+00:00', 0, 3) hour");

/** A number as text, or a BIT(1). These servers take any text for a number, most texts for 0. */
const NUMBER = '^([-+]?[0-9]*[.]?[0-9]+(e[-+]?[0-9]+)?|[[:cntrl:]])$';

/** A type in full. A time without digits has none behind the second. */
const SHAPE = verbatim(`concat(c.column_type, if(c.column_type in ('datetime', 'timestamp', 'time'), '(0)', ''),
      coalesce(concat(' collate ', c.collation_name), ''))`);

/** The words of MySQL 8.0 or later and MariaDB 10.6 or later for the driver's statements. */
export const mysqlWords: Words = {
  quote: '`',
  lock: 'skip locked',
  // What is shared is taken on an index alone where that has all that is asked, and then passes over nothing that others hold.
  share: 'for update skip locked',
  misreadsTuples: true,
  returnsChanged: false,
  refusesRowByRow: true,
  mergesPages: true,
  joinsLaterally: false,
  now: sql`convert(timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) using utf8mb4)`,

  selfChanging: (schema, table) =>
    sql`select ${text(verbatim('c.column_name'))} as name from information_schema.columns as c where c.table_schema = coalesce(${schema ?? null}, database()) and c.table_name = ${table} and c.extra like '%on update%'`,

  shape: ({ schema, name }) => sql`
    select ${text(verbatim('c.column_name'))} as name, ${text(SHAPE)} as type,
      if(lower(c.extra) regexp '(virtual|stored|persistent) generated', 'true', 'false') as made
    from information_schema.columns as c
    where c.table_schema = coalesce(${schema ?? null}, database()) and c.table_name = ${name}`,

  hidesColumns: true,
  givenKeys: '',

  text,

  letters: (column) => sql`cast(${text(column)} as binary)`,

  shownText: (column, characters) => sql`left(${text(column)}, ${verbatim(String(characters))})`,

  micros,

  timeText: (column, codec) => text(micros(column, codec)),

  instant: (at, codec) => {
    if (codec === 'isoText') return sql`${isoTextOf(at)}`;
    if (codec === 'instant') return local(at);
    return codec === 'utcDateTime' ? utc(at) : whole(at, codec);
  },

  heldTime(exact, codec) {
    if (codec === 'isoText' || !/^-?\d+(\.\d+)?$/.test(exact)) return sql`${exact}`;
    if (codec === 'utcDateTime' || codec === 'instant')
      return mysqlWords.instant(BigInt(exact.replace(/\..*/, '')), codec);
    return sql`(${verbatim(exact)} / ${verbatim(String(EPOCH_MICROS[codec]))})`;
  },

  afterNow(seconds, codec) {
    const then = sql`utc_timestamp(6) + interval ${verbatim(String(Math.round(seconds * 1e6)))} microsecond`;
    if (codec === 'utcDateTime') return then;
    if (codec === 'instant') return sql`convert_tz(${then}, '+00:00', @@session.time_zone)`;
    if (codec === 'isoText') return sql`concat(left(date_format(${then}, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`;
    return sql`floor(${micros(then, 'utcDateTime')} / ${verbatim(String(EPOCH_MICROS[codec]))})`;
  },

  // It needs no more than INSERT; that it also makes warnings of other errors is nothing to names of checked lengths.
  insertUnlessThere: { word: ' ignore', clause: '' },

  isIn(column, values) {
    const texts = values.filter((value) => typeof value === 'string');
    const numbers = values.filter((value) => typeof value !== 'string').map(Number);
    // The first can use an index and lets too much through, the second is exact.
    const isText = sql`(${column} in (${listed(texts)}) and cast(${text(column)} as binary) in (${listed(texts)}))`;
    // In this order: where rows are changed, strict servers refuse to compare a number with a text that is none.
    const isNumber = sql`(${text(column)} regexp ${NUMBER} and ${column} in (${listed(numbers)}))`;
    const either = [...(texts.length > 0 ? [isText] : []), ...(numbers.length > 0 ? [isNumber] : [])];
    return either.length === 0 ? verbatim('1 = 0') : sql`(${joined(either, ' or ')})`;
  },

  isOneOf: (column, exact) => sql`${column} in (${exact})`,

  isBefore(column, { codec, unset }, at) {
    if (codec === 'isoText') return isIsoText(column, unset, at);
    const conditions = [before(column, codec, at), ...unset.map((value) => sql`not (${isAt(column, codec, value)})`)];
    return sql`(${joined(conditions, ' and ')})`;
  },

  isSet(column, time) {
    if (time.codec === 'isoText') return isIsoText(column, time.unset);
    const none = [...noTime(column, time.codec), ...time.unset.map((value) => isAt(column, time.codec, value))];
    return sql`(${joined([sql`${column} is not null`, ...none.map((each) => sql`not (${each})`)], ' and ')})`;
  },

  isInOrder(is, time, codec, exact, keys, key) {
    if (exact === null || (codec !== 'isoText' && !/^-?\d+$/.test(exact))) return verbatim('1 = 0');
    const [beyond, within] = is === '>' ? [verbatim('>'), verbatim('>=')] : [verbatim('<'), verbatim('<=')];
    const behind = isBehind(keys, key, is);
    if (codec === 'instant') {
      const [now, then] = [micros(time, codec), verbatim(exact)];
      const edge = sql`${local(BigInt(exact))} ${verbatim(is === '>' ? '-' : '+')} ${SLACK}`;
      return sql`(${time} ${within} ${edge} and (${now} ${beyond} ${then} or (${now} = ${then} and ${behind})))`;
    }
    const then = heldAs(exact, codec);
    return sql`(${time} ${within} ${then} and (${time} ${beyond} ${then} or (${time} = ${then} and ${behind})))`;
  },

  comparable: (time, codec) => (codec === 'instant' ? micros(time, codec) : time),
};

/**
 * The same for TiDB, which takes SKIP LOCKED and then locks nothing. Where a column is compared with one text without regard to case, TiDB takes the column for this text
 * everywhere else in the condition, and finds it exact: given twice, it is a list.
 */
export const tidbWords: Words = {
  ...mysqlWords,
  lock: 'nowait',
  // It takes the words of a shared lock, and locks nothing.
  share: 'for update nowait',
  isIn: (column, values) => mysqlWords.isIn(column, values.length === 1 ? [...values, ...values] : values),
};

/** A value as text, whatever the type and character set of the column. */
function text(value: Sql): Sql {
  return sql`convert(${value} using utf8mb4)`;
}

function micros(column: Sql, codec: TimeCodec): Sql {
  switch (codec) {
    case 'instant':
      // Exact, also in the hour that a time zone's clocks go through twice.
      return sql`cast(unix_timestamp(${column}) * 1000000 as signed)`;
    case 'isoText':
      return column;
    case 'utcDateTime':
      return sql`timestampdiff(microsecond, '1970-01-01', ${column})`;
    case 'epochSeconds':
    case 'epochMillis':
      return sql`cast(${column} as decimal(30)) * ${verbatim(String(EPOCH_MICROS[codec]))}`;
  }
}

/** An instant as a DATETIME in UTC. */
const utc = (at: bigint): Sql => sql`cast(${isoOf(at).replace('T', ' ').replace('Z', '')} as datetime(6))`;

/** The same in the time zone of the session, as TIMESTAMP columns are compared and written. */
const local = (at: bigint): Sql => sql`convert_tz(${utc(at)}, '+00:00', @@session.time_zone)`;

/** An instant as a whole number, rounded down. */
function whole(at: bigint, codec: TimeCodec): Sql {
  const unit = codec === 'epochSeconds' ? EPOCH_MICROS.epochSeconds : EPOCH_MICROS.epochMillis;
  return verbatim(String((at - (((at % unit) + unit) % unit)) / unit));
}

/** An exact time, which is no TIMESTAMP, as its column holds it. */
function heldAs(exact: string, codec: TimeCodec): Sql {
  if (codec === 'isoText') return sql`${exact}`;
  return codec === 'utcDateTime' ? utc(BigInt(exact)) : whole(BigInt(exact), codec);
}

/** Whether a text is a time, and before an instant: to the second as texts are in order, which an index can use. */
function isIsoText(column: Sql, unset: readonly RawState[], at?: bigint): Sql {
  const matches = (pattern: string) => sql`${column} regexp ${`(?-i)${pattern}`}`;
  const isText = [matches(ISO_TEXT), ...unset.map((value) => sql`${column} <> ${String(value)}`)];
  if (at === undefined) return sql`(${joined(isText, ' and ')})`;
  const { before: first, except } = isoTextBefore(at);
  const isLater = except === null ? [] : [sql`not (${matches(except)})`];
  return sql`(${joined([sql`${column} < ${first}`, ...isText, ...isLater], ' and ')})`;
}

function before(column: Sql, codec: Exclude<TimeCodec, 'isoText'>, at: bigint): Sql {
  switch (codec) {
    case 'instant': {
      const now = micros(column, codec);
      return sql`${column} < ${local(at)} + ${SLACK} and ${now} < ${verbatim(String(at))} and ${now} > 0`;
    }
    case 'utcDateTime':
      return sql`${column} >= ${FIRST_TIME} and ${column} < ${utc(at)}`;
    case 'epochSeconds':
    case 'epochMillis':
      // A row with the whole number v is before an instant just when v is less than that, rounded up.
      return sql`${column} < ${whole(at + EPOCH_MICROS[codec] - 1n, codec)}`;
  }
}

/** What these servers take for a time and is none, as old ones write it for "none"; an index can use the first part. */
function noTime(column: Sql, codec: TimeCodec): Sql[] {
  if (codec === 'utcDateTime') return [sql`${column} < ${FIRST_TIME}`];
  return codec === 'instant' ? [sql`${column} < '1970-01-02' and ${micros(column, codec)} <= 0`] : [];
}

/** Whether a time is one of the values that mean "not set". */
function isAt(column: Sql, codec: TimeCodec, unset: TimeColumn['unset'][number]): Sql {
  const exact = exactUnset(unset, codec);
  // PostgreSQL's infinity, say: there is no such time here.
  if (!/^-?\d+$/.test(exact)) return verbatim('1 = 0');
  const at = BigInt(exact);
  if (codec === 'instant') return sql`${micros(column, codec)} = ${verbatim(String(at))}`;
  return sql`${column} = ${codec === 'utcDateTime' ? utc(at) : whole(at, codec)}`;
}
