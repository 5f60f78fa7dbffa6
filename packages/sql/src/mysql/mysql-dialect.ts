import type { Clock, RawState, TimeCodec, TimeColumn } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect.js';
import { columnRef } from '../rows/identifiers.js';
import { boundTransaction, type ServerKind, serverKind } from './bounds.js';
import { mysqlCatalog } from './catalog/catalog.js';
import { equalsAnyOf, isAnyOf, isExactly } from './comparisons.js';
import {
  columnText,
  comparedTo,
  horizonOf,
  horizonText,
  isBefore,
  marks,
  noTime,
  nowOf,
  secondsSince,
  textOf,
  unitMicros,
} from './expressions.js';
import { transactionIsolation } from './isolation.js';
import { mysqlOwnTables } from './own-tables.js';
import { isMysqlError, translateMysqlError } from './translate-error.js';
import { typeHolds } from './types.js';
import { uniqueKeys } from './unique-keys.js';
import { mysqlWire } from './wire.js';

/**
 * MySQL 8.0 or later and MariaDB 10.6 or later through `mysql2`. Now is the start of the statement.
 *
 * @param clock replaces the database's clock in tests.
 */
export function mysqlDialect(clock: Clock | undefined): Dialect {
  let kind: ServerKind | undefined;
  return {
    defaultCodec: 'utcDateTime',
    returnsChanged: false,

    text: (build, column) => textOf(build, column),

    letters: (build, column) => build.raw('cast(? as binary)', [textOf(build, column)]),

    timeText: columnText,

    isAnyOf,

    equalsAnyOf: (build, value, values) => equalsAnyOf(build, build.raw('(?)', [value]), values),

    isExactly,

    now(build, { codec }) {
      const now = nowOf(build, clock);
      if (codec === 'instant') return now.local;
      return codec === 'utcDateTime' ? now.utc : build.raw('? div ?', [now.micros, unitMicros(codec)]);
    },

    horizonText: (build, codec, maxAgeSeconds) =>
      horizonText(build, horizonOf(build, nowOf(build, clock), maxAgeSeconds), codec),

    isBeforeHorizon(build, alias, { column, codec, unset }, maxAgeSeconds) {
      const ref = columnRef(build, alias, column);
      const before = isBefore(build, ref, codec, horizonOf(build, nowOf(build, clock), maxAgeSeconds));
      return unsetValues(build, ref, codec, unset).reduce(
        (condition, one) => build.raw('? and not (?)', [condition, one]),
        before,
      );
    },

    isUndated,

    ageSeconds(build, alias, column) {
      const age = secondsSince(build, columnRef(build, alias, column.column), column.codec, nowOf(build, clock));
      return build.raw('case when ? then null else ? end', [isUndated(build, alias, column), age]);
    },

    isAfter(build, order, key) {
      if (key.time === null) return build.raw('1 = 0');
      const { same, later, reached } = comparedTo(build, order.time, order.codec, key.time);
      return build.raw('(? and (? or (? and ? > ?)))', [reached, later, same, order.id, key.id]);
    },

    isIdAfter: (build, column, id) => build.raw('? > ?', [column, id]),

    isOneOf: (build, column, ids) =>
      ids.length === 0 ? build.raw('1 = 0') : build.raw(`? in (${marks(ids)})`, [column, ...ids]),

    isolation: transactionIsolation,

    async bound(session, bounds) {
      kind ??= await serverKind(session);
      return boundTransaction(session, kind, bounds);
    },

    catalog: mysqlCatalog,

    wire: mysqlWire,

    recognizes: isMysqlError,

    translate: translateMysqlError,

    typeOf(build, column, name, { schema, table }) {
      const type =
        'select c.data_type from information_schema.columns as c ' +
        'where c.table_schema = coalesce(?, database()) and c.table_name = ? and c.column_name = ?';
      // The name alone would be no error where there is no such column; its value, cut to nothing, is.
      return build.raw(`concat(left(coalesce(?, ''), 0), (${type}))`, [column, schema ?? null, table, name]);
    },

    typeHolds,

    uniqueKeys,

    own: mysqlOwnTables,
  };
}

const isoOf = (value: string): string => new Date(value).toISOString();

function isUndated(build: Knex, alias: string, { column, codec, unset }: TimeColumn): Knex.Raw {
  const ref = columnRef(build, alias, column);
  const none = [...noTime(build, ref, codec), ...unsetValues(build, ref, codec, unset)];
  return none.reduce((condition, one) => build.raw('(? or ?)', [condition, one]), build.raw('? is null', [ref]));
}

/** Whether a time is one of the values that mean "not set", for each of them. */
function unsetValues(build: Knex, ref: Knex.Raw, codec: TimeCodec, unset: readonly RawState[]): Knex.Raw[] {
  return unset.map((value) =>
    typeof value === 'number' ? build.raw('? = ?', [ref, value]) : comparedTo(build, ref, codec, isoOf(value)).same,
  );
}
