import { EVERY, type Row } from '@jobsweep/core';
import { WHY } from '../circumstances.js';
import { lockedAll, locksAfterWaiting, lookedAt } from '../statements.js';
import type { Variant } from '../variant.js';
import { idOf, withTx } from './lying.js';

/** Lies about locks. */
export const driverLockVariants: readonly Variant[] = [
  {
    name: 'driver-locks-nothing',
    fault: 'rows are given as locked that nobody has locked',
    failsIn: 'driver > lock > keeps others from changing the rows that it gives until the transaction ends',
    hiddenWhere: { locksAtCommit: WHY.lockIsLook },
    broken: withTx((tx) => ({ lock: async (...given) => ({ rows: await lookedAt(tx, ...given), held: [] }) })),
  },
  {
    name: 'driver-names-nobody',
    fault: 'rows that others hold are passed over in silence',
    failsIn: 'driver > lock > leaves the rows that others hold, names them, and does not wait',
    hiddenWhere: { locksAtCommit: WHY.noneIsLeft },
    broken: withTx((tx) => ({ lock: async (...given) => ({ ...(await tx.lock(...given)), held: [] }) })),
  },
  {
    name: 'driver-waits',
    fault: 'rows that others hold are waited for',
    failsIn: 'driver > lock > leaves the rows that others hold, names them, and does not wait',
    hiddenWhere: { locksAtCommit: WHY.nothingWaits },
    broken: withTx(locksAfterWaiting),
  },
  {
    name: 'driver-names-all',
    fault: 'every row that is not given is one that others hold',
    failsIn:
      'driver > lock > names no row that others hold and that does not meet the condition, and none that is gone',
    hiddenWhere: { locksAtCommit: WHY.noneIsLeft },
    broken: withTx((tx) => ({
      async lock(table, keys, ...rest) {
        const { rows } = await tx.lock(table, keys, ...rest);
        const ids = new Set(rows.map(idOf));
        return { rows, held: keys.filter((key) => !ids.has(idOf({ key }))) };
      },
    })),
  },
  {
    name: 'driver-shares-nothing',
    fault: 'a shared lock is no more than a look',
    failsIn:
      'driver > lock > that is shared keeps others from changing a row as well, and passes over those that they hold',
    hiddenWhere: { locksAtCommit: WHY.lockIsLook },
    broken: withTx((tx) => ({
      lock: async (table, keys, selection, where, mode) =>
        mode === 'share'
          ? { rows: await lookedAt(tx, table, keys, selection, where), held: [] }
          : tx.lock(table, keys, selection, where),
    })),
  },
  {
    name: 'driver-locks-out-of-order',
    fault: 'rows are locked in no order',
    failsIn: 'driver > lock > gives rows ascending by key: numbers as numbers',
    hiddenWhere: { locksAtCommit: WHY.lockIsLook },
    broken: withTx((tx) => ({
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
    broken: withTx((tx) => ({ lock: (table, keys, selection) => tx.lock(table, keys, selection, EVERY) })),
  },
  {
    name: 'driver-locks-what-it-saw',
    fault: 'locked rows are given as they were when they were read',
    failsIn: 'driver > lock > judges a row as it is now, and gives it as it is now',
    hiddenWhere: { locksAtCommit: WHY.oneSnapshot },
    broken: withTx((tx) => {
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
    hiddenWhere: { locksAtCommit: WHY.lockIsLook },
    broken: withTx((tx) => ({
      async lock(table, ...given) {
        await lockedAll(tx, table);
        return tx.lock(table, ...given);
      },
    })),
  },
];
