import type { Clock, TimeCodec, TimeColumn } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect.js';
import type { SqlSession } from '../library.js';
import { columnRef } from '../rows/identifiers.js';
import { postgresCatalog } from './catalog/catalog.js';
import { postgresOwnTables } from './own-tables.js';
import { isPostgresError, translatePostgresError } from './translate-error.js';
import { typeHolds } from './types.js';
import { uniqueKeys } from './unique-keys.js';
import { postgresWire } from './wire.js';

/**
 * PostgreSQL through `pg`. Now is the start of the statement: `clock_timestamp()` would differ from row to row and use
 * no index, `now()` would be as old as the transaction.
 *
 * @param clock replaces the database's clock in tests.
 */
export function postgresDialect(clock: Clock | undefined): Dialect {
  const instant = (build: Knex) =>
    clock === undefined ? build.raw('statement_timestamp()') : build.raw('?::timestamptz', [clock.now().toISOString()]);
  const horizon = (build: Knex, codec: TimeCodec, maxAgeSeconds: number) => {
    const ago = build.raw('? - make_interval(secs => ?::double precision)', [instant(build), maxAgeSeconds]);
    return asColumn(build, codec, ago, 'ceil');
  };
  const isAnyOf = (build: Knex, value: Knex.Raw, values: readonly unknown[]) =>
    values.length === 0 ? build.raw('false') : build.raw(`? in (${marks(values)})`, [value, ...values] as Knex.Value[]);

  return {
    defaultCodec: 'instant',
    returnsChanged: true,

    text: (build, column) => build.raw('?::text', [column]),

    letters: (build, column) => build.raw('?::text collate "C"', [column]),

    timeText: (build, column, codec) => timeText(build, column, codec),

    isAnyOf: (build, column, values) => isAnyOf(build, column, values),

    equalsAnyOf: (build, value, values) => isAnyOf(build, build.raw('(?)', [value]), values),

    isExactly(build, column, values) {
      // For a text an equal one may be another text: there are collations, and types, that pass over case.
      const toTheLetter = build.raw(
        `(pg_typeof(?)::text not in ${TEXT_TYPES} or ?::text collate "C" = any(?::text[]))`,
        [column, column, values.map(String)],
      );
      return build.raw('(? and ?)', [isAnyOf(build, column, values), toTheLetter]);
    },

    now: (build, { codec }) => asColumn(build, codec, instant(build), 'floor'),

    horizonText: (build, codec, maxAgeSeconds) => timeText(build, horizon(build, codec, maxAgeSeconds), codec),

    isBeforeHorizon(build, alias, { column, codec, unset }, maxAgeSeconds) {
      const ref = columnRef(build, alias, column);
      const before = build.raw('? < ?', [ref, horizon(build, codec, maxAgeSeconds)]);
      if (unset.length === 0) return before;
      return build.raw(`? and ? not in (${marks(unset)})`, [before, ref, ...unset]);
    },

    isUndated,

    ageSeconds(build, alias, column) {
      const ref = columnRef(build, alias, column.column);
      const now = build.raw('extract(epoch from (?))', [instant(build)]);
      return build.raw('case when not ? then ? end', [isUndated(build, alias, column), since(build, ref, column, now)]);
    },

    isAfter: (build, order, key) => build.raw('(?, ?) > (?, ?)', [order.time, order.id, key.time, key.id]),

    isIdAfter: (build, column, id) => build.raw('? > ?', [column, id]),

    isOneOf: (build, column, ids) => build.raw('? = any(?)', [column, ids as string[]]),

    isolation,

    async bound({ build, rows }, bounds) {
      const set = (name: string, seconds: number) =>
        build.raw('set_config(?, ?, true)', [name, `${Math.ceil(seconds * 1000)}ms`]);
      await rows(
        build.select(
          set('statement_timeout', bounds.statementTimeoutSeconds),
          set('lock_timeout', bounds.lockTimeoutSeconds),
          set('idle_in_transaction_session_timeout', bounds.idleTimeoutSeconds),
        ),
      );
      // They were set for the transaction alone, and end with it. In one that has failed the server refuses any statement,
      // but not COMMIT: it rolls back and says nothing that libraries look at.
      const restore = async () => {
        await isolation({ build, rows });
      };
      return { restore };
    },

    catalog: postgresCatalog,

    wire: postgresWire,

    recognizes: isPostgresError,

    translate: translatePostgresError,

    typeOf: (build, column) => build.raw('pg_typeof(?)::text', [column]),

    typeHolds,

    uniqueKeys,

    own: postgresOwnTables,
  };
}

function isUndated(build: Knex, alias: string, { column, codec, unset }: TimeColumn): Knex.Raw {
  const ref = columnRef(build, alias, column);
  const none = codec.startsWith('epoch') ? unset : [...unset, 'infinity'];
  if (none.length === 0) return build.raw('(? is null)', [ref]);
  return build.raw(`(? is null or ? in (${marks(none)}))`, [ref, ref, ...none]);
}

/** Seconds from a time to now, which is given in seconds since 1970. NULL for a time before all times. */
function since(build: Knex, ref: Knex.Raw, { codec }: TimeColumn, now: Knex.Raw): Knex.Raw {
  switch (codec) {
    case 'instant':
    case 'utcDateTime':
      // One without zone is read as UTC here.
      return build.raw('case when isfinite(?) then ? - extract(epoch from ?) end', [ref, now, ref]);
    case 'epochSeconds':
      return build.raw('? - ?', [now, ref]);
    case 'epochMillis':
      return build.raw('? - ? / 1000.0', [now, ref]);
  }
}

const TEXT_TYPES = "('text', 'character varying', 'character', 'citext')";

async function isolation({ build, rows }: SqlSession): Promise<string> {
  const setting = build.raw("current_setting('transaction_isolation') as isolation");
  const [row] = await rows<{ isolation: string }>(build.select(setting));
  return row?.isolation ?? 'unknown';
}

const marks = (values: readonly unknown[]) => values.map(() => '?').join(', ');

function timeText(build: Knex, time: Knex.Raw, codec: TimeCodec): Knex.Raw {
  const format = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;
  if (codec === 'instant') {
    const utc = `to_char(? at time zone 'UTC', ${format})`;
    return build.raw(`case when isfinite(?) then ${utc} else ?::text end`, [time, time, time]);
  }
  if (codec === 'utcDateTime') {
    return build.raw(`case when isfinite(?) then to_char(?, ${format}) else ?::text end`, [time, time, time]);
  }
  return build.raw('?::text', [time]);
}

/**
 * An instant in the form of a column. Whole numbers round so that comparisons stay exact: a row with the value v is
 * before the horizon h just when v < ceil(h).
 */
function asColumn(build: Knex, codec: TimeCodec, instant: Knex.Raw, round: 'floor' | 'ceil'): Knex.Raw {
  switch (codec) {
    case 'instant':
      return build.raw('(?)', [instant]);
    case 'utcDateTime':
      return build.raw("((?) at time zone 'UTC')", [instant]);
    case 'epochSeconds':
      return build.raw(`${round}(extract(epoch from (?)))::bigint`, [instant]);
    case 'epochMillis':
      return build.raw(`${round}(extract(epoch from (?)) * 1000)::bigint`, [instant]);
  }
}
