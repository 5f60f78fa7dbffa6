import { EVERY, type Row } from '@jobsweep/core';
import { ALL_ROWS, type DriverVariant, idOf, withTx } from './driver-variant.js';

/** Lies about locks. */
export const driverLockVariants: readonly DriverVariant[] = [
  {
    name: 'driver-locks-nothing',
    fault: 'rows are given as locked that nobody has locked',
    failsIn: 'driver > lock > keeps others from changing the rows that it gives until the transaction ends',
    driver: withTx((tx) => ({
      async lock(table, keys, selection, where) {
        const ids = new Set(keys.map((key) => idOf({ key })));
        const rows = await tx.page({ table, where, ...selection, limit: ALL_ROWS });
        return { rows: rows.filter((row) => ids.has(idOf(row))), held: [] };
      },
    })),
  },
  {
    name: 'driver-names-nobody',
    fault: 'rows that others hold are passed over in silence',
    failsIn: 'driver > lock > leaves the rows that others hold, names them, and does not wait',
    driver: withTx((tx) => ({ lock: async (...given) => ({ ...(await tx.lock(...given)), held: [] }) })),
  },
  {
    name: 'driver-waits',
    fault: 'rows that others hold are waited for',
    failsIn: 'driver > lock > leaves the rows that others hold, names them, and does not wait',
    driver: withTx((tx, session) => ({
      async lock(table, keys, ...rest) {
        const ids = new Set(keys.map((key) => idOf({ key })));
        await session.lock('jobs', ({ id }) => ids.has(id));
        return tx.lock(table, keys, ...rest);
      },
    })),
  },
  {
    name: 'driver-names-all',
    fault: 'every row that is not given is one that others hold',
    failsIn:
      'driver > lock > names no row that others hold and that does not meet the condition, and none that is gone',
    driver: withTx((tx) => ({
      async lock(table, keys, ...rest) {
        const { rows } = await tx.lock(table, keys, ...rest);
        const ids = new Set(rows.map(idOf));
        return { rows, held: keys.filter((key) => !ids.has(idOf({ key }))) };
      },
    })),
  },
  {
    name: 'driver-locks-out-of-order',
    fault: 'rows are locked in no order',
    failsIn: 'driver > lock > gives rows ascending by key: numbers as numbers',
    driver: withTx((tx) => ({
      async lock(...given) {
        const { rows, held } = await tx.lock(...given);
        return { rows: rows.toReversed(), held };
      },
    })),
  },
  {
    name: 'driver-locks-any-row',
    fault: 'rows are given whether they meet the condition or not',
    failsIn: 'driver > lock > gives the rows that are there and meet the condition',
    driver: withTx((tx) => ({ lock: (table, keys, selection) => tx.lock(table, keys, selection, EVERY) })),
  },
  {
    name: 'driver-locks-what-it-saw',
    fault: 'locked rows are given as they were when they were read',
    failsIn: 'driver > lock > judges a row as it is now, and gives it as it is now',
    driver: withTx((tx) => {
      const seen = new Map<string, Row>();
      return {
        async page(query) {
          const rows = await tx.page(query);
          for (const row of rows) seen.set(idOf(row), row);
          return rows;
        },
        async lock(...given) {
          const { rows, held } = await tx.lock(...given);
          return { rows: rows.map((row) => seen.get(idOf(row)) ?? row), held };
        },
      };
    }),
  },
  {
    name: 'driver-locks-too-much',
    fault: 'rows are locked too that do not meet the condition',
    failsIn: 'driver > lock > keeps nobody from rows that it leaves',
    driver: withTx((tx, session) => ({
      async lock(...given) {
        await session.lock('jobs', () => true, { skipLocked: true });
        return tx.lock(...given);
      },
    })),
  },
];
