import type { Clock } from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import { boundTransaction, type ServerKind, serverKind } from './bounds.js';
import { equalsAnyOf, isAnyOf, isExactly } from './comparisons.js';
import {
  columnText,
  comparedTo,
  horizonOf,
  horizonText,
  isBefore,
  marks,
  nowOf,
  textOf,
  unitMicros,
} from './expressions.js';
import { transactionIsolation } from './isolation.js';
import { isMysqlError, translateMysqlError } from './translate-error.js';
import { typeHolds } from './types.js';
import { uniqueKeys } from './unique-keys.js';

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

    text: (build, column) => textOf(build, build.raw('??', [column])),

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
      const ref = `${alias}.${column}`;
      const before = isBefore(build, ref, codec, horizonOf(build, nowOf(build, clock), maxAgeSeconds));
      const isUnset = unset.map((value) =>
        typeof value === 'number'
          ? build.raw('?? = ?', [ref, value])
          : comparedTo(build, ref, codec, isoOf(value)).same,
      );
      return isUnset.reduce((condition, one) => build.raw('? and not (?)', [condition, one]), before);
    },

    isAfter(build, order, key) {
      if (key.time === null) return build.raw('1 = 0');
      const { same, later, reached } = comparedTo(build, order.time, order.codec, key.time);
      return build.raw('(? and (? or (? and ?? > ?)))', [reached, later, same, order.id, key.id]);
    },

    isIdAfter: (build, column, id) => build.raw('?? > ?', [column, id]),

    isOneOf: (build, column, ids) =>
      ids.length === 0 ? build.raw('1 = 0') : build.raw(`?? in (${marks(ids)})`, [column, ...ids]),

    isolation: transactionIsolation,

    async bound(session, bounds) {
      kind ??= await serverKind(session);
      return boundTransaction(session, kind, bounds);
    },

    recognizes: isMysqlError,

    translate: translateMysqlError,

    typeOf(build, column, { schema, table }) {
      const name = column.slice(column.indexOf('.') + 1);
      const type =
        'select c.data_type from information_schema.columns as c ' +
        'where c.table_schema = coalesce(?, database()) and c.table_name = ? and c.column_name = ?';
      // The name alone would be no error where there is no such column; its value, cut to nothing, is.
      return build.raw(`concat(left(coalesce(??, ''), 0), (${type}))`, [column, schema ?? null, table, name]);
    },

    typeHolds,

    uniqueKeys,
  };
}

const isoOf = (value: string): string => new Date(value).toISOString();
