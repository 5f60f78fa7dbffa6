import { setImmediate } from 'node:timers/promises';
import type { Application, OtherSide } from '@jobsweep/contract';
import type { ClientSession, MongoClient } from 'mongodb';
import type { MongoRows } from './mongo-rows.js';
import { ReplayedTransaction, TRANSACTION } from './mongo-transaction.js';

/** One client of the application, on a server with transactions or on one without. */
export function mongoApplication(client: MongoClient, rows: MongoRows, hasTransactions: boolean): Application {
  let open: ClientSession | undefined;
  const transaction = <Result>(work: (rows: MongoRows) => Promise<Result>): Promise<Result> => {
    if (!hasTransactions) return work(rows);
    if (open !== undefined) return work(rows.in(open));
    return client.withSession((session) => session.withTransaction(() => work(rows.in(session)), TRANSACTION));
  };
  return {
    act: (action) => transaction((inside) => inside.act(action)),
    lock: (table, id) => transaction((inside) => inside.lock(table, id)),
    find: (jobIds) => (open === undefined ? rows : rows.in(open)).read(jobIds),
    async transaction(work) {
      if (!hasTransactions) return work();
      return client.withSession((session) =>
        session.withTransaction(async () => {
          open = session;
          return work().finally(() => {
            open = undefined;
          });
        }, TRANSACTION),
      );
    },
    close: () => client.close(),
  };
}

/** A client whose transactions the suite begins and ends. Without transactions, each act stands by itself. */
export function mongoOtherSide(client: MongoClient, rows: MongoRows, hasTransactions: boolean): OtherSide {
  let open: ReplayedTransaction | undefined;
  const session = client.startSession();

  const begin = (): ReplayedTransaction => {
    open = new ReplayedTransaction(session);
    return open;
  };
  const end = async (how: 'commit' | 'rollback') => {
    const ending = open;
    if (how === 'rollback') await ending?.rollback();
    else await ending?.commit();
    open = undefined;
  };
  const step = async <Result>(work: (rows: MongoRows) => Promise<Result>): Promise<Result> => {
    if (!hasTransactions) return work(rows);
    const inside = () => work(rows.in(session));
    if (open !== undefined) return open.run(inside);
    const result = await begin().run(inside);
    await end('commit');
    return result;
  };
  return {
    async begin() {
      if (hasTransactions) begin();
    },
    act: (action) => step((inside) => inside.act(action)),
    lock: (table, id) => step((inside) => inside.lock(table, id)),
    end,
    async isBlocked() {
      // Whoever asks again and again lets the other side go on meanwhile.
      await setImmediate();
      return open?.isHeldUp ?? false;
    },
  };
}
