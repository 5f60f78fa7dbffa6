import {
  type Exact,
  exactUnset,
  ISO_TEXT,
  isoOf,
  isoTextBefore,
  isoTextOf,
  type RawState,
  type TimeCodec,
} from '@jobsweep/core';
import { quotedName } from '../driver/source.js';
import { joined, listed, type Sql, sql, verbatim } from '../driver/sql.js';
import type { Words } from '../driver/words.js';

const TEXT_TYPES = verbatim("('text', 'character varying', 'character', 'citext')");
const EPOCH_MICROS = { epochSeconds: 1_000_000n, epochMillis: 1000n } as const;

const QUOTES = { quote: '"' } as const;

/** How letters are compared, where that is not the usual way of the type. */
const collation = verbatim(`coalesce((select ' collate ' || o.collname from pg_catalog.pg_collation as o
      join pg_catalog.pg_type as t on t.oid = a.atttypid where o.oid = a.attcollation and o.oid <> t.typcollation), '')`);

/** PostgreSQL's words for the driver's statements. */
export const postgresWords: Words = {
  ...QUOTES,
  lock: 'skip locked',
  share: 'for share skip locked',
  misreadsTuples: false,
  returnsChanged: true,
  refusesRowByRow: false,
  mergesPages: false,
  joinsLaterally: true,
  now: sql`(extract(epoch from clock_timestamp()) * 1000000)::bigint::text`,

  shape: (table) => sql`
    select a.attname::text as name, format_type(a.atttypid, a.atttypmod) || ${collation} as type,
      (a.attgenerated <> '')::text as made
    from pg_catalog.pg_attribute as a where a.attrelid = to_regclass(${quotedName(QUOTES, table)}) and a.attnum > 0
      and not a.attisdropped`,

  hidesColumns: false,
  givenKeys: ' overriding system value',

  text: (column) => sql`${column}::text`,

  letters: (column) => sql`${column}::text collate "C"`,

  shownText: (column, characters) => sql`left(${column}::text, ${verbatim(String(characters))})`,

  micros,

  timeText(column, codec) {
    if (codec === 'isoText') return sql`${column}::text`;
    if (codec.startsWith('epoch')) return sql`${micros(column, codec)}::text`;
    // Its infinities are no instants, and have to stay what they are.
    return sql`case when isfinite(${column}) then ${finite(column)}::text else ${column}::text end`;
  },

  instant: (at, codec) => (codec === 'isoText' ? sql`${isoTextOf(at)}` : literal(String(at), codec)),

  heldTime(exact, codec) {
    if (!codec.startsWith('epoch')) return literal(exact, codec);
    return sql`(${exact}::numeric / ${verbatim(String(EPOCH_MICROS[codec as keyof typeof EPOCH_MICROS]))})`;
  },

  afterNow(seconds, codec) {
    const then = sql`statement_timestamp() + make_interval(secs => ${seconds}::double precision)`;
    if (codec === 'instant') return then;
    if (codec === 'utcDateTime') return sql`(${then}) at time zone 'UTC'`;
    if (codec === 'isoText')
      return sql`to_char((${then}) at time zone 'UTC', ${verbatim(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`)})`;
    return sql`floor(extract(epoch from ${then}) * ${verbatim(String(1_000_000n / EPOCH_MICROS[codec]))})::bigint`;
  },

  insertUnlessThere: { word: '', clause: ' on conflict do nothing' },

  rowsOf: (columns) =>
    sql`unnest(${joined(
      columns.map((each) => sql`${each}::text[]`),
      ', ',
    )})`,

  isIn(column, values) {
    // For a text an equal one may be another text: there are collations, and types, that pass over case.
    const isText = sql`pg_typeof(${column})::text in ${TEXT_TYPES}`;
    const exact = sql`${column}::text collate "C" = any(${values.map(String)}::text[])`;
    // In this order, since nearly all rows are exact, and to look up a type takes longer.
    return sql`(${column} in (${listed(values)}) and (${exact} or not ${isText}))`;
  },

  isOneOf: (column, exact) => sql`${column} = any(${exact})`,

  isBefore(column, { codec, unset }, at) {
    if (codec === 'isoText') return isIsoText(column, unset, at);
    const before = sql`${column} < ${codec.startsWith('epoch') ? above(at, codec) : literal(String(at), codec)}`;
    if (unset.length === 0) return before;
    return sql`(${before} and ${column} not in (${joined(
      unset.map((value) => literal(exactUnset(value, codec), codec)),
      ', ',
    )}))`;
  },

  isSet(column, { codec, unset }) {
    if (codec === 'isoText') return isIsoText(column, unset);
    const none = unset.map((value) => literal(exactUnset(value, codec), codec));
    if (!codec.startsWith('epoch')) none.push(sql`'infinity'`);
    if (none.length === 0) return sql`${column} is not null`;
    return sql`(${column} is not null and ${column} not in (${joined(none, ', ')}))`;
  },

  isInOrder(is, time, codec, exact, keys, key) {
    const place = [literal(exact, codec), ...key.map((each) => sql`${each}`)];
    return sql`(${joined([time, ...keys], ', ')}) ${verbatim(is)} (${joined(place, ', ')})`;
  },

  comparable: (time) => time,
};

function micros(column: Sql, codec: TimeCodec): Sql {
  switch (codec) {
    case 'instant':
    case 'utcDateTime':
      // One without zone is read as UTC here.
      return sql`case when isfinite(${column}) then ${finite(column)} end`;
    case 'isoText':
      return column;
    case 'epochSeconds':
    case 'epochMillis':
      return sql`trunc(${column}::numeric * ${verbatim(String(EPOCH_MICROS[codec]))})`;
  }
}

const finite = (column: Sql): Sql => sql`(extract(epoch from ${column}) * 1000000)::bigint`;

/** An exact time in the form of a column; whole numbers are rounded down. */
function literal(exact: Exact, codec: TimeCodec): Sql {
  if (exact === null || codec === 'isoText' || !/^-?\d+$/.test(exact)) return sql`${exact}`;
  switch (codec) {
    case 'instant':
      return sql`${isoOf(BigInt(exact))}::timestamptz`;
    case 'utcDateTime':
      return sql`${isoOf(BigInt(exact)).replace('Z', '')}::timestamp`;
    case 'epochSeconds':
    case 'epochMillis': {
      const unit = EPOCH_MICROS[codec];
      const at = BigInt(exact);
      return sql`${String((at - (((at % unit) + unit) % unit)) / unit)}::bigint`;
    }
  }
}

/** Whether a text is a time, and before an instant: to the second as texts are in order, which an index can use. */
function isIsoText(column: Sql, unset: readonly RawState[], at?: bigint): Sql {
  const isText = [sql`${column}::text ~ ${ISO_TEXT}`, ...unset.map((value) => sql`${column} <> ${String(value)}`)];
  if (at === undefined) return sql`(${joined(isText, ' and ')})`;
  const { before, except } = isoTextBefore(at);
  const isLater = except === null ? [] : [sql`${column}::text !~ ${except}`];
  return sql`(${joined([sql`${column} < ${before}`, ...isText, ...isLater], ' and ')})`;
}

/** A row with the whole number v is before an instant just when v is less than that, rounded up. */
function above(at: bigint, codec: TimeCodec): Sql {
  const unit = codec === 'epochSeconds' ? EPOCH_MICROS.epochSeconds : EPOCH_MICROS.epochMillis;
  return literal(String(at + unit - 1n), codec);
}
