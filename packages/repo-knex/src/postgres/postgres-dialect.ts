import type { Clock, TimeCodec } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect.js';
import { rowsOf } from '../rows/tables.js';
import { isPostgresError, translatePostgresError } from './translate-error.js';
import { typeHolds } from './types.js';

/**
 * PostgreSQL through `pg`. Now is the start of the statement: `clock_timestamp()` would differ from row to row and use
 * no index, `now()` would be as old as the transaction.
 *
 * @param clock replaces the database's clock in tests.
 */
export function postgresDialect(clock: Clock | undefined): Dialect {
  const instant = (session: Knex) =>
    clock === undefined
      ? session.raw('statement_timestamp()')
      : session.raw('?::timestamptz', [clock.now().toISOString()]);

  return {
    text: (session, column) => session.raw('??::text', [column]),

    timeText(session, time, codec) {
      const ref = typeof time === 'string' ? session.raw('??', [time]) : time;
      const format = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;
      if (codec === 'instant') {
        const utc = `to_char(? at time zone 'UTC', ${format})`;
        return session.raw(`case when isfinite(?) then ${utc} else ?::text end`, [ref, ref, ref]);
      }
      if (codec === 'utcDateTime') {
        return session.raw(`case when isfinite(?) then to_char(?, ${format}) else ?::text end`, [ref, ref, ref]);
      }
      return session.raw('?::text', [ref]);
    },

    now: (session, codec) => asColumn(session, codec, instant(session), 'floor'),

    horizon(session, codec, maxAgeSeconds) {
      const bindings = [instant(session), maxAgeSeconds];
      const horizon = session.raw('? - make_interval(secs => ?::double precision)', bindings);
      return asColumn(session, codec, horizon, 'ceil');
    },

    anyOf: (session, column, ids) => session.raw('?? = any(?)', [column, ids as string[]]),

    async isolation(session) {
      const setting = session.raw("current_setting('transaction_isolation') as isolation");
      const [row] = await rowsOf<{ isolation: string }>(session.select(setting));
      return row?.isolation ?? 'unknown';
    },

    async bound(session, bounds) {
      const set = (name: string, seconds: number) =>
        session.raw('set_config(?, ?, true)', [name, `${Math.ceil(seconds * 1000)}ms`]);
      await session.select(
        set('statement_timeout', bounds.statementTimeoutSeconds),
        set('lock_timeout', bounds.lockTimeoutSeconds),
        set('idle_in_transaction_session_timeout', bounds.idleTimeoutSeconds),
      );
    },

    recognizes: isPostgresError,

    translate: translatePostgresError,

    typeOf: (session, column) => session.raw('pg_typeof(??)::text', [column]),

    typeHolds,
  };
}

/**
 * An instant in the form of a column. Whole numbers round so that comparisons stay exact: a row with the value v is
 * before the horizon h just when v < ceil(h).
 */
function asColumn(session: Knex, codec: TimeCodec, instant: Knex.Raw, round: 'floor' | 'ceil'): Knex.Raw {
  switch (codec) {
    case 'instant':
      return session.raw('(?)', [instant]);
    case 'utcDateTime':
      return session.raw("((?) at time zone 'UTC')", [instant]);
    case 'epochSeconds':
      return session.raw(`${round}(extract(epoch from (?)))::bigint`, [instant]);
    case 'epochMillis':
      return session.raw(`${round}(extract(epoch from (?)) * 1000)::bigint`, [instant]);
  }
}
