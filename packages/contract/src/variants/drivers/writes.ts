import { EVERY, microsOf, type Update, type Write } from '@jobsweep/core';
import { WHY } from '../circumstances.js';
import { ALL_ROWS } from '../statements.js';
import type { Variant } from '../variant.js';
import { withOwnTransaction, withTx } from './lying.js';

/** What is written, with some of it replaced. */
const writing = (set: Update['set'], replaced: (write: Write) => Write): Update['set'] =>
  Object.fromEntries(Object.entries(set).map(([column, write]) => [column, replaced(write)]));

/** Lies about what is written, and about the transaction that it is written in. */
export const driverWriteVariants: readonly Variant[] = [
  {
    name: 'driver-guard-ignored',
    fault: 'rows are changed whether they meet the guard or not',
    failsIn: 'driver > update > changes no row that does not meet the guard',
    failsThereIn: {
      locksAtCommit: 'driver > update > changes no row that does not meet the guard, and returns as many as it changed',
    },
    broken: withTx((tx) => ({ update: (table, update) => tx.update(table, { ...update, guard: EVERY }) })),
  },
  {
    name: 'driver-changes-all',
    fault: 'every row is changed that meets the guard',
    failsIn: 'driver > update > writes each kind of value, and nothing else of any row',
    broken: withTx((tx) => ({
      update: async (table, update) =>
        tx.update(table, { ...update, rows: await tx.page({ table, where: EVERY, columns: [], limit: ALL_ROWS }) }),
    })),
  },
  {
    name: 'driver-returns-what-it-was-given',
    fault: 'rows are returned as changed that were not',
    failsIn: 'driver > update > returns no row that it did not change',
    failsThereIn: {
      locksAtCommit: 'driver > update > changes no row that does not meet the guard, and returns as many as it changed',
    },
    broken: withTx((tx) => ({
      async update(table, update) {
        await tx.update(table, update);
        return [...update.rows];
      },
    })),
  },
  {
    name: 'driver-returns-rows-before',
    fault: 'changed rows are returned as they were before',
    failsIn: 'driver > update > returns the rows that it changed as they are now: the columns that were asked for',
    broken: withTx((tx) => ({
      async update(table, update) {
        const { columns, rows } = update;
        const keys = rows.map(({ key }) => key);
        const before = await tx.lock(table, keys, { columns }, EVERY);
        await tx.update(table, update);
        return [...before.rows];
      },
    })),
  },
  {
    name: 'driver-writes-milliseconds',
    fault: 'times are written by the millisecond',
    failsIn: 'driver > update > writes each kind of value, and nothing else of any row',
    hiddenWhere: { milliseconds: WHY.milliseconds },
    broken: withTx((tx) => ({
      update: (table, { set, ...update }) =>
        tx.update(table, {
          ...update,
          set: writing(set, (write) => ('time' in write ? { time: (write.time / 1000n) * 1000n } : write)),
        }),
    })),
  },
  {
    name: 'driver-increment-is-a-value',
    fault: 'a number is set to what it is to be raised by',
    failsIn: 'driver > update > raises a number by as much as it is told',
    broken: withTx((tx) => ({
      update: (table, { set, ...update }) =>
        tx.update(table, {
          ...update,
          set: writing(set, (write) => ('increment' in write ? { value: write.increment } : write)),
        }),
    })),
  },
  {
    name: 'driver-remove-guard-ignored',
    fault: 'rows are deleted whether they meet the guard or not',
    failsIn: 'driver > remove > deletes no row that does not meet the guard',
    broken: withTx((tx) => ({ remove: (table, rows) => tx.remove(table, rows, EVERY) })),
  },
  {
    name: 'driver-removes-what-it-was-given',
    fault: 'keys of rows are returned that are still there',
    failsIn: 'driver > remove > returns no key of a row that is still there',
    failsThereIn: { locksAtCommit: 'driver > remove > returns as many keys as rows are gone' },
    broken: withTx((tx) => ({
      async remove(table, rows, guard) {
        await tx.remove(table, rows, guard);
        return rows.map(({ key }) => key);
      },
    })),
  },
  {
    name: 'driver-adds-what-all-have',
    fault: 'rows are added without texts of their own',
    failsIn: 'driver > insertAll > adds rows with what all have and what each has, and changes no other',
    broken: withTx((tx) => ({
      insertAll: (table, same, each) =>
        tx.insertAll(
          table,
          same,
          each.map((texts) => Object.fromEntries(Object.keys(texts).map((column) => [column, null]))),
        ),
    })),
  },
  {
    name: 'driver-puts-nothing-back',
    fault: 'a value that was read is written as NULL',
    failsIn: 'driver > update > puts values back as they were read',
    broken: withTx((tx) => ({
      update: (table, { set, ...update }) =>
        tx.update(table, { ...update, set: writing(set, (write) => ('exact' in write ? { exact: null } : write)) }),
    })),
  },
  {
    name: 'driver-copies-any-row',
    fault: 'rows are copied whether they meet the condition or not',
    failsIn: 'driver > copy > adds no row that does not meet the condition, and none that is not there',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({ copy: (copy) => tx.copy({ ...copy, where: EVERY }) })),
  },
  {
    name: 'driver-copies-over',
    fault: 'a row that is copied goes over the one with its key',
    failsIn: 'driver > copy > refuses to go over a row with the key',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({
      async copy(copy) {
        const { rows } = await tx.lock(copy.to, copy.keys, { columns: [] }, EVERY);
        await tx.remove(copy.to, rows, EVERY);
        return tx.copy(copy);
      },
    })),
  },
  {
    name: 'driver-copies-a-part',
    fault: 'a column that nobody maps is not copied',
    failsIn: 'driver > copy > adds the given rows, each column to the letter, and leaves them where they are',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({
      async copy(copy) {
        const copied = await tx.copy(copy);
        const { rows } = await tx.lock(copy.to, copy.keys, { columns: [] }, EVERY);
        await tx.update(copy.to, { rows, set: { note: { value: null } }, guard: EVERY, columns: [] });
        return copied;
      },
    })),
  },
  {
    name: 'driver-counts-what-it-was-given',
    fault: 'a row is counted as copied that is not there',
    failsIn: 'driver > copy > adds no row that does not meet the condition, and none that is not there',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({
      async copy(copy) {
        await tx.copy(copy);
        return copy.keys.length;
      },
    })),
  },
  {
    name: 'driver-any-session',
    fault: 'what is no session gets a transaction of its own',
    failsIn: 'driver > open > to read refuses what is no session',
    broken: withOwnTransaction('never'),
  },
  {
    name: 'driver-ended-session',
    fault: 'a transaction that has ended is begun again',
    failsIn: 'driver > open > to write refuses a transaction that has ended',
    broken: withOwnTransaction('ended'),
  },
  {
    name: 'driver-process-clock',
    fault: "the clock of a transaction is this process's",
    failsIn: "driver > open > looks at the database's clock, however wrong this process's is",
    broken: withTx(() => ({ now: microsOf(new Date()) })),
  },
];
