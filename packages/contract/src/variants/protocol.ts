import { setTimeout as pause } from 'node:timers/promises';
import { allOf, EVERY, isIn, isJobsweepError, keyText, type Link, not, type Row, type Table } from '@jobsweep/core';
import { withMembers, withOperations, withStores, withTx } from './broken-store.js';
import { WHY } from './circumstances.js';
import type { ReplacedTx } from './replaced.js';
import { ALL_ROWS, countOf, locksAfterWaiting, lookedAt } from './statements.js';
import type { Variant } from './variant.js';

/** Which table a row is of, and which row. */
const placeOf = ({ name }: Table, { key }: Pick<Row, 'key'>): string => `${name} ${keyText(key)}`;

/** Of rows that hang on others, those are not there that came after the first look of the transaction. */
function oneSnapshot(): ReplacedTx {
  const firstLooks = new WeakMap<object, ReadonlySet<string>>();
  return (tx, session) => {
    const isOld = ({ to }: Link) => {
      const old = firstLooks.get(session);
      return (row: Row) => old?.has(placeOf(to, row)) ?? true;
    };
    return {
      async page(query) {
        const { table } = query;
        const all = await tx.page({ table, where: EVERY, columns: [], limit: ALL_ROWS });
        if (!firstLooks.has(session)) firstLooks.set(session, new Set(all.map((row) => placeOf(table, row))));
        return tx.page(query);
      },
      async lockRelated(query) {
        const { rows, held } = await tx.lockRelated(query);
        return { rows: rows.filter(isOld(query.link)), held };
      },
      countRelated: (link, parents, where) => countOf(tx, { link, parents, where }, isOld(link)),
    };
  };
}

/** What the transaction has changed itself is locked as if it were not. */
function ownChangesUnseen(): ReplacedTx {
  const changes = new WeakMap<object, Set<string>>();
  return (tx, session) => {
    const changed = changes.get(session) ?? new Set();
    changes.set(session, changed);
    return {
      async update(table, update) {
        const rows = await tx.update(table, update);
        for (const row of rows) changed.add(placeOf(table, row));
        return rows;
      },
      async lock(table, ...given) {
        const { rows, held } = await tx.lock(table, ...given);
        return { rows: rows.filter((row) => !changed.has(placeOf(table, row))), held };
      },
    };
  };
}

/** Long enough for others to do much between two statements, as they do on a busy server. */
const OTHERS_ACT_MS = 20;

const isJobs = ({ name }: Table): boolean => name === 'jobs';

const isNotReleased = not(isIn('status', ['RELEASED']));

/** Faults in how rows are locked, looked at again, and written. */
export const protocolVariants: readonly Variant[] = [
  {
    name: 'one-snapshot',
    fault: 'the second look shows the snapshot of the first',
    failsIn:
      "'cleanupStaleReservations', when between the read and the write > a new sibling is ALLOCATED, leaves the job alone",
    hiddenWhere: { locksAtCommit: WHY.oneSnapshot },
    broken: withTx(oneSnapshot()),
  },
  {
    name: 'check-before-lock',
    fault: 'rows are looked at before they are locked, and not again',
    failsIn:
      'while an application of many workers claims, runs, finishes, releases and queues again > the strategies overwrite no finished job, release nothing live, repair every row once, and leave none',
    hiddenWhere: { locksAtCommit: WHY.lockIsLook },
    broken: withTx((tx) => ({
      async lock(table, keys, selection, where) {
        const looked = await lookedAt(tx, table, keys, selection, where);
        await pause(OTHERS_ACT_MS);
        const { rows, held } = await tx.lock(table, keys, selection, EVERY);
        const locked = new Set(rows.map(({ key }) => keyText(key)));
        return { rows: looked.filter(({ key }) => locked.has(keyText(key))), held };
      },
      update: (table, update) => tx.update(table, { ...update, guard: EVERY }),
    })),
  },
  {
    name: 'job-not-locked',
    fault: 'an allocation is released without a lock on its job',
    failsIn:
      "'releaseResourcesForCompletedJobs', done and not yet committed, > holds up that the job is queued again; then comes the commit",
    broken: withTx((tx) => ({
      abilities: { ...tx.abilities, fence: null },
      lock: async (table, ...given) =>
        isJobs(table) ? { rows: await lookedAt(tx, table, ...given), held: [] } : tx.lock(table, ...given),
    })),
  },
  {
    name: 'newest-not-locked',
    fault: 'jobs are deleted for newer ones that anybody may delete meanwhile',
    failsIn:
      'filters > keepNewest, when one of the newest > is relied on by one that is not committed, is kept from others until then',
    failsThereIn: {
      locksAtCommit:
        'filters > keepNewest, when one of the newest > is changed while it is relied on, one of both is in conflict',
    },
    broken: withTx((tx) => ({
      abilities: { ...tx.abilities, fence: null },
      lock: async (table, keys, selection, where, mode) =>
        mode === 'share'
          ? { rows: await lookedAt(tx, table, keys, selection, where), held: [] }
          : tx.lock(table, keys, selection, where),
    })),
  },
  {
    name: 'released-not-locked',
    fault: 'released allocations are not locked, so one that is being reserved again goes unseen',
    failsIn:
      "'cleanupStaleReservations', while another transaction has not committed that > a released sibling is reserved again, leaves the job to the next pass; then comes the commit",
    hiddenWhere: {
      locksAtCommit: 'released rows are not locked there: who reserves one again raises the fence of its job',
    },
    broken: withTx((tx) => ({
      lockRelated: ({ where, ...query }) => tx.lockRelated({ ...query, where: allOf(where, isNotReleased) }),
      countRelated: (link, parents, where) => tx.countRelated(link, parents, allOf(where, isNotReleased)),
    })),
  },
  {
    name: 'held-sibling-unnoticed',
    fault: 'an allocation that could not be locked is taken for one that is not there',
    failsIn: 'while others hold one of two allocations > cleanupStaleReservations leaves the whole job alone',
    hiddenWhere: { locksAtCommit: WHY.noneIsLeft },
    broken: withTx(() => ({ countRelated: async () => new Map() })),
  },
  {
    name: 'own-changes-unseen',
    fault: 'what the transaction has written itself is not read by it',
    failsIn: 'releaseResourcesForJobs > releases what jobs hold that were failed in the same transaction',
    broken: withTx(ownChangesUnseen()),
  },
  {
    name: 'waits-for-locks',
    fault: 'rows that others hold are waited for',
    failsIn:
      "'markJobsAsFailed', while another transaction has not committed that > the job finishes, leaves the job to the next pass; then comes the commit",
    hiddenWhere: { locksAtCommit: WHY.nothingWaits },
    broken: withTx(locksAfterWaiting),
  },
  {
    name: 'jobs-before-children',
    fault: 'jobs are deleted before their allocations',
    failsIn: 'deleteJobsBatch > deletes the given jobs and their released allocations, and touches no other row',
    hiddenWhere: {
      locksAtCommit: 'such databases have no foreign keys, and nobody sees the order within a transaction',
    },
    broken: withTx((tx) => {
      let children: () => Promise<unknown> = async () => undefined;
      return {
        async remove(table, rows, guard) {
          if (isJobs(table)) {
            const gone = await tx.remove(table, rows, EVERY);
            await children();
            return gone;
          }
          children = () => tx.remove(table, rows, guard);
          return rows.map(({ key }) => key);
        },
      };
    }),
  },
  {
    name: 'never-rolled-back',
    fault: 'a transaction that fails is committed as far as it got',
    failsIn: "'markJobsAsFailed' > changes something, unless its transaction fails in the end",
    broken: withMembers(({ transaction }) => ({
      async transaction(work, how) {
        const failures: unknown[] = [];
        const result = await transaction((session) => work(session).catch((error) => void failures.push(error)), how);
        if (failures.length > 0) throw failures[0];
        return result as Awaited<ReturnType<typeof work>>;
      },
    })),
  },
  {
    name: 'never-tried-again',
    fault: 'a conflict ends a transaction for good',
    failsIn: 'a transaction > runs its work again after a conflict, and leaves nothing of the first time',
    broken: withStores((open, options) => open({ ...options, maxAttempts: 1 })),
  },
  {
    name: 'always-tried-again',
    fault: 'a transaction runs its work again whatever went wrong',
    failsIn: 'a transaction > runs its work once when that fails for a reason of its own',
    broken: withMembers(({ transaction }) => ({
      transaction: (work, how) => transaction(work, how).catch(() => transaction(work, how)),
    })),
  },
  {
    name: 'abort-ignored-by-operations',
    fault: 'operations do not look at their signal',
    failsIn: "'deleteJobsBatch' > does nothing once its signal has fired, and carries the reason",
    broken: withOperations(({ deleteJobsBatch }) => ({
      deleteJobsBatch: (session, jobs, { signal: _signal, ...options } = {}) => deleteJobsBatch(session, jobs, options),
    })),
  },
  {
    name: 'abort-ignored-by-transactions',
    fault: 'a transaction is committed although its signal has fired',
    failsIn: 'a transaction > fails when its signal fires before it is committed',
    broken: withMembers(({ transaction }) => ({ transaction: (work) => transaction(work) })),
  },
  {
    name: 'read-only-ignored',
    fault: 'a transaction that only reads may write',
    failsIn: "'markJobsAsFailed' > is refused by a transaction that only reads",
    broken: withMembers(({ transaction }) => ({
      transaction: (work, how) => transaction(work, { ...how, readOnly: false }),
    })),
  },
  {
    name: 'transaction-of-its-own',
    fault: 'an operation that finds no open transaction opens one',
    failsIn: "'markJobsAsFailed' > refuses what is no open transaction, and writes nothing",
    broken: withMembers(({ repository, transaction }) => ({
      repository: new Proxy(repository, {
        get: (target, name) => {
          const operation = Reflect.get(target, name) as (session: unknown, ...rest: unknown[]) => Promise<unknown>;
          return (session: unknown, ...rest: unknown[]) =>
            operation.call(target, session, ...rest).catch((error: unknown) => {
              if (!isJobsweepError(error, 'SESSION_NOT_IN_TRANSACTION')) throw error;
              return transaction((own) => operation.call(target, own, ...rest));
            });
        },
      }),
    })),
  },
];
