import { EVERY } from '@jobsweep/core';
import { WHY } from '../circumstances.js';
import { byOwnClock } from '../own-clock.js';
import { seen, takesAfterWaiting } from '../statements.js';
import type { Variant } from '../variant.js';
import { withTx } from './lying.js';

/** Lies about single rows. */
export const driverSingleRowVariants: readonly Variant[] = [
  {
    name: 'driver-adds-over',
    fault: 'a row that is added goes over the one with its key',
    failsIn: 'driver > single rows > insert > adds nothing, and changes nothing, where there is a row with the key',
    broken: withTx((tx, values) => ({
      async insert(table, row) {
        const [column = ''] = table.key;
        const { [column]: id, ...set } = row;
        const [key = []] = id !== undefined && 'value' in id ? values.keysOf(table, String(id.value), undefined) : [];
        if (!(await tx.change(table, key, EVERY, set))) await tx.insert(table, row);
      },
    })),
  },
  {
    name: 'driver-takes-any-row',
    fault: 'a row is taken whether it meets the condition or not',
    failsIn:
      'driver > single rows > take > leaves a row that does not meet the condition, and finds none that is not there',
    broken: withTx((tx) => ({ take: (table, key, taking) => tx.take(table, key, { ...taking, where: EVERY }) })),
  },
  {
    name: 'driver-takes-after-waiting',
    fault: 'a row that others hold is waited for, and then taken',
    failsIn: 'driver > single rows > take > leaves a row that others hold, and does not wait',
    hiddenWhere: { locksAtCommit: WHY.nothingWaits },
    broken: withTx(takesAfterWaiting),
  },
  {
    name: 'driver-gives-what-it-wrote',
    fault: 'a row that was taken is given as it is now',
    failsIn: 'driver > single rows > take > changes a row that meets the condition, and gives it as it was',
    broken: withTx((tx) => ({
      async take(table, key, taking) {
        const before = await tx.take(table, key, taking);
        return before && tx.hold(table, key, taking.columns, EVERY);
      },
    })),
  },
  {
    name: 'driver-process-instants',
    fault: "instants are counted from this process's clock",
    failsIn: "driver > single rows > take > writes instants from the database's clock on",
    broken: withTx((tx) => ({
      take: (table, key, { set, ...taking }) => tx.take(table, key, { ...taking, set: byOwnClock(set) }),
    })),
  },
  {
    name: 'driver-holds-nothing',
    fault: 'a row is given as held, and nobody holds it',
    failsIn: 'driver > single rows > hold > keeps others from changing the row until the transaction ends',
    failsThereIn: {
      locksAtCommit: 'driver > single rows > hold > makes others who hold the row as well end in a CONFLICT',
    },
    broken: withTx((tx) => ({
      hold: (table, key, columns, where) => seen(tx, { table, where, columns, clock: true }, key),
    })),
  },
  {
    name: 'driver-holds-at-once',
    fault: 'a row that others hold is not waited for',
    failsIn:
      'driver > single rows > hold > waits for whoever holds the row, and gives it as it is then, with the clock of then',
    hiddenWhere: { locksAtCommit: WHY.nothingWaits },
    broken: withTx((tx) => ({
      hold: async (table, key, columns, where) =>
        (await tx.lock(table, [key], { columns, clock: true }, where)).rows[0],
    })),
  },
  {
    name: 'driver-clock-before-waiting',
    fault: 'a row that was waited for comes with the clock of before',
    failsIn:
      'driver > single rows > hold > waits for whoever holds the row, and gives it as it is then, with the clock of then',
    hiddenWhere: { locksAtCommit: WHY.nothingWaits },
    broken: withTx((tx) => ({
      async hold(...given) {
        const held = await tx.hold(...given);
        return held && { ...held, clock: tx.now };
      },
    })),
  },
  {
    name: 'driver-judges-before-waiting',
    fault: 'a row is changed that met the condition before it was waited for',
    failsIn: 'driver > single rows > hold > and change wait alike',
    hiddenWhere: { locksAtCommit: WHY.nothingWaits },
    broken: withTx((tx) => ({
      async change(table, key, where, set) {
        const met = await seen(tx, { table, where, columns: [] }, key);
        return met !== undefined && tx.change(table, key, EVERY, set);
      },
    })),
  },
  {
    name: 'driver-changes-in-silence',
    fault: 'a row that was not changed is said to be',
    failsIn: 'driver > single rows > change > writes into no row that does not, and says so',
    broken: withTx((tx) => ({ change: async (...given) => (await tx.change(...given)) || true })),
  },
];
