import {
  allOf,
  anyOf,
  type Counted,
  type CountQuery,
  EVERY,
  isIn,
  not,
  type Query,
  type Row,
  type Tx,
  toMicros,
} from '@jobsweep/core';
import { WHY } from '../circumstances.js';
import { ALL_ROWS } from '../statements.js';
import type { Variant } from '../variant.js';
import { cutTime, idOf, rewritten, withConditions, withTx } from './lying.js';

/** Values as a collation takes them that knows no case. */
const inAnyCase = (values: readonly unknown[]) =>
  values.flatMap((value) => (typeof value === 'string' ? [value, value.toLowerCase()] : [value as null]));

/** What a page tells of a count. */
async function countedPage(tx: Tx, { table, where, atMost = ALL_ROWS, earliest }: CountQuery): Promise<Counted> {
  const { time = '' } = earliest ?? {};
  const column = table.times.get(time);
  const rows = await tx.page({ table, where, columns: [time], limit: atMost });
  const times = rows.map(({ columns }) => (column === undefined ? null : toMicros(columns[time] ?? null, column)));
  const [first = null] = times.filter((each) => each !== null).sort((one, other) => Number(one - other));
  return { rows: rows.length, earliest: first };
}

/** Lies about what is found, in what order, and how many it is. */
export const driverReadVariants: readonly Variant[] = [
  {
    name: 'driver-order-forgotten',
    fault: 'a page is by key, whatever time it is to be by',
    failsIn: 'driver > page > has rows by the time, then by the key',
    broken: withTx((tx) => ({ page: (query) => tx.page({ ...query, orderBy: undefined }) })),
  },
  {
    name: 'driver-keys-as-texts',
    fault: 'keys are ordered as texts, although the column has numbers',
    failsIn: 'driver > page > has rows by the key alone as the column orders it: numbers as numbers',
    broken: withTx((tx) => ({
      page: async (query) => (await tx.page(query)).sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1)),
    })),
  },
  {
    name: 'driver-upwards-always',
    fault: 'a page begins with the lowest key, whatever it is told',
    failsIn: 'driver > page > has the highest key first where it is told so, and goes on below a key',
    broken: withTx((tx) => ({ page: (query) => tx.page({ ...query, descending: false }) })),
  },
  {
    name: 'driver-latest-last',
    fault: 'a page by a time begins with the highest key, where the latest is to be first',
    failsIn: 'driver > page > has the latest time and then the highest key first where it is told so',
    broken: withTx((tx) => ({
      page: (query) => tx.page({ ...query, ...(query.descending === true && { orderBy: undefined }) }),
    })),
  },
  {
    name: 'driver-one-newer-is-enough',
    fault: 'one row that comes after another is enough, however many are asked for',
    failsIn: 'driver > newer > has to be there as often as is asked for, and a time that is not set is after none',
    broken: withConditions((condition) =>
      'exists' in condition && condition.newer !== undefined
        ? { ...condition, newer: { ...condition.newer, count: 1 } }
        : condition,
    ),
  },
  {
    name: 'driver-any-is-newer',
    fault: 'any other row comes after a row',
    failsIn: 'driver > newer > is a row with a later time, to the smallest step, or with the same and a higher key',
    broken: withConditions((condition) =>
      'exists' in condition && condition.newer?.count === 1 ? { ...condition, newer: undefined } : condition,
    ),
  },
  {
    name: 'driver-tells-no-time',
    fault: 'rows come without the clock that was asked for',
    failsIn: "driver > page > tells the database's clock with each row where it is asked to",
    broken: withTx((tx) => ({ page: (query) => tx.page({ ...query, clock: false }) })),
  },
  {
    name: 'driver-cursor-of-milliseconds',
    fault: 'a page begins behind the millisecond of a time',
    failsIn: 'driver > page > begins behind a time, to the smallest step of it',
    hiddenWhere: { milliseconds: WHY.milliseconds },
    broken: withTx((tx) => ({
      page: ({ after, ...query }) =>
        tx.page({ ...query, after: after && { ...after, time: after.time && cutTime(after.time) } }),
    })),
  },
  {
    name: 'driver-cursor-without-key',
    fault: 'a page begins behind all rows of a time',
    failsIn: 'driver > page > begins behind a key, among rows of the same time',
    broken: withTx((tx, values) => ({
      page({ after, ...query }) {
        const [last] = values.keysOf(query.table, '999999999', undefined);
        return tx.page({
          ...query,
          after: after && { ...after, ...(query.orderBy !== undefined && { key: last ?? [] }) },
        });
      },
    })),
  },
  {
    name: 'driver-end-ignored',
    fault: 'a page goes on behind the row that it is to go up to',
    failsIn: 'driver > page > by startTime ends with the row that it is to go up to, there or gone',
    broken: withTx((tx) => ({ page: ({ upTo: _upTo, ...query }) => tx.page(query) })),
  },
  {
    name: 'driver-end-of-milliseconds',
    fault: 'a page ends at the millisecond of a time',
    failsIn: 'driver > page > ends at a time, to the smallest step of it',
    hiddenWhere: { milliseconds: WHY.milliseconds },
    broken: withTx((tx) => ({
      page: ({ upTo, ...query }) =>
        tx.page({ ...query, upTo: upTo && { ...upTo, time: upTo.time && cutTime(upTo.time) } }),
    })),
  },
  {
    name: 'driver-limit-ignored',
    fault: 'a page has all rows, whatever its limit',
    failsIn: 'driver > page > has no more rows than its limit, and not fewer while there are more',
    broken: withTx((tx) => ({ page: (query) => tx.page({ ...query, limit: ALL_ROWS }) })),
  },
  {
    name: 'driver-orphans',
    fault: 'a page has rows too that have no row at the other end of the link',
    failsIn: 'driver > page > has the row that a link leads to, and leaves out rows without one',
    broken: withTx((tx) => ({
      async page(query) {
        const linked = new Map((await tx.page(query)).map((row) => [idOf(row), row]));
        return (await tx.page({ ...query, parent: undefined })).map((row) => linked.get(idOf(row)) ?? row);
      },
    })),
  },
  {
    name: 'driver-last-label',
    fault: 'a row that two labels fit has the last of them',
    failsIn: 'driver > page > names > for each row the first label whose condition holds, and none where none does',
    broken: withTx((tx) => ({
      page: ({ labels = {}, ...query }) => {
        const reversed = Object.entries(labels).map(([name, some]) => [name, some.toReversed()]);
        return tx.page({ ...query, labels: Object.fromEntries(reversed) as typeof labels });
      },
    })),
  },
  {
    name: 'driver-one-snapshot',
    fault: 'a transaction sees one snapshot to its end',
    failsIn: 'driver > page > shows what others have committed since the transaction began',
    hiddenWhere: { locksAtCommit: WHY.oneSnapshot },
    broken: withTx((tx) => {
      const seen = new Map<Query, Promise<Row[]>>();
      return {
        page(query) {
          const rows = seen.get(query) ?? tx.page(query);
          seen.set(query, rows);
          return rows;
        },
      };
    }),
  },
  {
    name: 'driver-not-of-null',
    fault: '`not` of what compares with NULL is not true',
    failsIn: 'driver > conditions find > jobs with not a value, as NULL is not',
    broken: withConditions((condition) =>
      'not' in condition && 'in' in condition.not
        ? allOf(condition, not(isIn(condition.not.column, [null])))
        : condition,
    ),
  },
  {
    name: 'driver-null-is-no-value',
    fault: 'NULL among the values is passed over',
    failsIn: 'driver > conditions find > jobs with a value or NULL',
    broken: withConditions((condition) =>
      'in' in condition
        ? isIn(
            condition.column,
            condition.in.filter((value) => value !== null),
          )
        : condition,
    ),
  },
  {
    name: 'driver-at-the-instant',
    fault: 'a time is before the very instant that it is',
    failsIn: 'driver > conditions find > jobs with a time strictly before an instant',
    broken: withConditions((condition) =>
      'before' in condition ? { ...condition, before: condition.before + 1n } : condition,
    ),
  },
  {
    name: 'driver-unset-is-before',
    fault: 'a time that is not set is before every instant',
    failsIn: 'driver > conditions find > jobs with not a time before an instant, as one that is not set is not',
    broken: withConditions((condition) =>
      'before' in condition ? anyOf(condition, { time: condition.time, isSet: false }) : condition,
    ),
  },
  {
    name: 'driver-own-sibling',
    fault: 'a row is a sibling of itself',
    failsIn: 'driver > conditions find > allocations with a sibling',
    broken: withConditions((condition) =>
      'exists' in condition ? { ...condition, exists: { ...condition.exists, kind: 'children' } } : condition,
    ),
  },
  {
    name: 'driver-any-child',
    fault: 'a row at the other end of a link is enough, whatever it is like',
    failsIn: 'driver > conditions find > jobs with a child that meets a condition',
    broken: withConditions((condition) => ('exists' in condition ? { ...condition, where: EVERY } : condition)),
  },
  {
    name: 'driver-caseless',
    fault: 'texts are compared as a collation does that knows no case',
    failsIn: 'driver on tables of every kind > letters count > where a value is asked for',
    broken: withConditions((condition) =>
      'in' in condition ? isIn(condition.column, inAnyCase(condition.in)) : condition,
    ),
  },
  {
    name: 'driver-caseless-guard',
    fault: 'the texts of a guard are compared so',
    failsIn: 'driver on tables of every kind > letters count > where a guard asks for a value',
    broken: withTx((tx) => ({
      update: (table, { guard, ...update }) =>
        tx.update(table, {
          ...update,
          guard: rewritten(guard, (condition) =>
            'in' in condition ? isIn(condition.column, inAnyCase(condition.in)) : condition,
          ),
        }),
    })),
  },
  {
    name: 'driver-times-cut',
    fault: 'times are read by the millisecond',
    failsIn:
      'driver on tables of every kind > values are exact > as tables of default types hold them > read, as the keys that lead to the rows again, and as times to the smallest step',
    hiddenWhere: { milliseconds: WHY.milliseconds },
    broken: withTx((tx) => ({
      async page(query) {
        const cut = (row: Row) => {
          const columns = Object.entries(row.columns).map(([column, exact]) => {
            return [column, exact !== null && query.table.times.has(column) ? cutTime(exact) : exact];
          });
          return { ...row, columns: Object.fromEntries(columns) as Row['columns'] };
        };
        return (await tx.page(query)).map(cut);
      },
    })),
  },
  {
    name: 'driver-counts-all',
    fault: 'a count is of the whole table',
    failsIn: 'driver > count > is of all rows that meet the condition',
    broken: withTx((tx) => ({
      count: (...queries) => tx.count(...queries.map((query) => ({ ...query, where: EVERY }))),
    })),
  },
  {
    name: 'driver-counts-on',
    fault: 'a count counts on, however many rows there are',
    failsIn: 'driver > count > stops at 1 rows',
    broken: withTx((tx) => ({
      count: (...queries) => tx.count(...queries.map((query) => ({ ...query, atMost: undefined }))),
    })),
  },
  {
    name: 'driver-earliest-of-the-counted',
    fault: 'the earliest time is that of the rows that were counted',
    failsIn: "driver > count > finds the earliest of all of the rows' own times, wherever counting stopped",
    broken: withTx((tx) => ({
      async count(...queries) {
        const counted: Counted[] = [];
        for (const query of queries) counted.push(await countedPage(tx, query));
        return counted;
      },
    })),
  },
  {
    name: 'driver-answers-mixed-up',
    fault: 'several counts come back in another order',
    failsIn: 'driver > count > answers several questions, each for itself and in their order',
    broken: withTx((tx) => ({ count: async (...queries) => (await tx.count(...queries)).reverse() })),
  },
];
