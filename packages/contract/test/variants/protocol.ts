import { allOf, EVERY, isIn, keyText } from '@jobsweep/core';
import type { MemorySession, Rows, TableName, View } from '@jobsweep/core/memory';
import { memoryStore } from '@jobsweep/core/memory';
import { anotherTurn } from '../support/turns.js';
import { type Variant, withOperations, withStatements, withTx } from './variant.js';

/** All tables as they were at the first look. */
async function snapshotOf(session: MemorySession): Promise<View> {
  const all = await session.select((view) => ({
    jobs: view.rows('jobs', () => true),
    allocations: view.rows('allocations', () => true),
    jobsweep_claims: view.rows('jobsweep_claims', () => true),
    jobsweep_history: view.rows('jobsweep_history', () => true),
  }));
  const rows = <Name extends TableName>(table: Name, where: (row: Rows[Name]) => boolean) =>
    (all[table] as Rows[Name][]).filter(where);
  const row = <Name extends TableName>(table: Name, id: string | null) => rows(table, (each) => each.id === id)[0];
  return { rows, row } as View;
}

/** Statements that see one snapshot, the same to the end of the transaction. */
function oneSnapshot(session: MemorySession): Partial<MemorySession> {
  let snapshot: Promise<View> | undefined;
  const view = () => (snapshot ??= snapshotOf(session));
  return {
    select: async (query) => query(await view()),
    async lock(table, where, options) {
      const ids = new Set((await session.lock(table, where, options)).map(({ id }) => id));
      return (await view()).rows(table, ({ id }) => ids.has(id));
    },
  };
}

/** The rows that match, and nobody is kept from changing them. */
const seen = <Name extends TableName>(session: MemorySession, table: Name, where: (row: Rows[Name]) => boolean) =>
  session.select((view) => view.rows(table, where));

/** Faults in how rows are locked, looked at again, and written. */
export const protocolVariants: readonly Variant[] = [
  {
    name: 'one-snapshot',
    fault: 'the second look shows the snapshot of the first',
    failsIn:
      "'cleanupStaleReservations', when between the read and the write > a new sibling is ALLOCATED, leaves the job alone",
    store: withStatements(oneSnapshot),
  },
  {
    name: 'check-before-lock',
    fault: 'rows are looked at before they are locked, and not again',
    failsIn:
      'while an application of many workers claims, runs, finishes, releases and queues again > the strategies overwrite no finished job, release nothing live, repair every row once, and leave none',
    store: withTx((tx) => ({
      async lock(table, keys, selection, where) {
        const given = isIn(
          table.key[0] ?? '',
          keys.map(([id]) => id ?? ''),
        );
        const looked = await tx.page({ table, where: allOf(where, given), ...selection, limit: keys.length });
        await anotherTurn();
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
    store: withStatements((session) => ({
      lock: (table, where, options) =>
        table === 'jobs' ? seen(session, table, where) : session.lock(table, where, options),
    })),
  },
  {
    name: 'released-not-locked',
    fault: 'released allocations are not locked, so one that is being reserved again goes unseen',
    failsIn:
      "'cleanupStaleReservations', while another transaction has not committed that > a released sibling is reserved again, leaves the job to the next pass; then comes the commit",
    store: withStatements((session) => ({
      lock: (table, where, options) =>
        session.lock(table, (row) => where(row) && (table === 'jobs' || row.status !== 'RELEASED'), options),
      select: (query) =>
        session.select((view) => {
          const rows: View['rows'] = (table, where) =>
            view.rows(table, (row) => where(row) && row.status !== 'RELEASED');
          return query({ rows, row: (table, id) => view.row(table, id) } as View);
        }),
    })),
  },
  {
    name: 'held-sibling-unnoticed',
    fault: 'an allocation that could not be locked is taken for one that is not there',
    failsIn: 'while others hold one of two allocations > cleanupStaleReservations leaves the whole job alone',
    store: withTx(() => ({ countRelated: async () => new Map() })),
  },
  {
    name: 'own-changes-unseen',
    fault: 'what the transaction has written itself is not read by it',
    failsIn: 'releaseResourcesForJobs > releases what jobs hold that were failed in the same transaction',
    store: withStatements((session, database) => ({
      async lock(table, where, options) {
        await session.lock(table, where, options);
        return seen(database.begin(), table, where);
      },
    })),
  },
  {
    name: 'waits-for-locks',
    fault: 'rows that others hold are waited for',
    failsIn:
      "'markJobsAsFailed', while another transaction has not committed that > the job finishes, leaves the job to the next pass; then comes the commit",
    store: withStatements((session) => ({ lock: (table, where) => session.lock(table, where) })),
  },
  {
    name: 'jobs-before-children',
    fault: 'jobs are deleted before their allocations',
    failsIn: 'deleteJobsBatch > deletes the given jobs and their released allocations, and touches no other row',
    store: withStatements((session) => {
      let children: () => Promise<unknown> = async () => undefined;
      return {
        async delete(table, where) {
          if (table === 'jobs') {
            const deleted = await session.delete(table, where);
            await children();
            return deleted;
          }
          children = () => session.delete(table, where);
          return [];
        },
      };
    }),
  },
  {
    name: 'never-rolled-back',
    fault: 'a transaction that fails is committed as far as it got',
    failsIn: "'markJobsAsFailed' > changes something, unless its transaction fails in the end",
    store: (database, options) => ({
      ...memoryStore(database, options),
      async transaction(work) {
        const session = database.begin();
        return work(session).finally(() => session.commit());
      },
    }),
  },
  {
    name: 'never-tried-again',
    fault: 'a conflict ends a transaction for good',
    failsIn: 'a transaction > runs its work again after a conflict, and leaves nothing of the first time',
    store: (database, options) => memoryStore(database, { ...options, maxAttempts: 1 }),
  },
  {
    name: 'always-tried-again',
    fault: 'a transaction runs its work again whatever went wrong',
    failsIn: 'a transaction > runs its work once when that fails for a reason of its own',
    store: (database, options) => {
      const store = memoryStore(database, options);
      return {
        ...store,
        transaction: (work, how) => store.transaction(work, how).catch(() => store.transaction(work, how)),
      };
    },
  },
  {
    name: 'abort-ignored-by-operations',
    fault: 'operations do not look at their signal',
    failsIn: "'deleteJobsBatch' > does nothing once its signal has fired, and carries the reason",
    store: withOperations(({ deleteJobsBatch }) => ({
      deleteJobsBatch: (session, jobs, { signal: _signal, ...options } = {}) => deleteJobsBatch(session, jobs, options),
    })),
  },
  {
    name: 'abort-ignored-by-transactions',
    fault: 'a transaction is committed although its signal has fired',
    failsIn: 'a transaction > fails when its signal fires before it is committed',
    store: (database, options) => {
      const store = memoryStore(database, options);
      return { ...store, transaction: (work) => store.transaction(work) };
    },
  },
  {
    name: 'read-only-ignored',
    fault: 'a transaction that only reads may write',
    failsIn: "'markJobsAsFailed' > is refused by a transaction that only reads",
    store: (database, options) => {
      const store = memoryStore(database, options);
      return { ...store, transaction: (work, how) => store.transaction(work, { ...how, readOnly: false }) };
    },
  },
  {
    name: 'transaction-of-its-own',
    fault: 'an operation that finds no open transaction opens one',
    failsIn: "'markJobsAsFailed' > refuses what is no open transaction, and writes nothing",
    store: (database, options) => {
      const store = memoryStore(database, options);
      const repository = new Proxy(store.repository, {
        get: (target, name) => {
          const operation = Reflect.get(target, name) as (
            session: MemorySession,
            ...rest: unknown[]
          ) => Promise<unknown>;
          return (session: MemorySession, ...rest: unknown[]) =>
            session.isOpen
              ? operation.call(target, session, ...rest)
              : store.transaction((own) => operation.call(target, own, ...rest));
        },
      });
      return { ...store, repository };
    },
  },
];
