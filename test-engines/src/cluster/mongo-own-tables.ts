import { runInNewContext } from 'node:vm';
import type { OwnTablesSide } from '@jobsweep/contract';
import { CLAIM_COLUMNS, timeColumns } from '@jobsweep/core';
import type { Db } from 'mongodb';

const TIMES = timeColumns(CLAIM_COLUMNS);

/** jobsweep's own collections, past the adapter. */
export function mongoOwnTables(db: Db): OwnTablesSide {
  return {
    async drop() {
      for (const name of ['jobsweep_claims', 'jobsweep_history', 'jobsweep_changes']) await db.dropCollection(name);
    },
    async run(line) {
      const names = (await db.listCollections().toArray()).map(({ name }) => name);
      await (runInNewContext(line, { db: shell(db, names) }) as Promise<unknown> | undefined);
    },
    async age(seconds) {
      const earlier = (field: string) => ({
        $cond: [{ $eq: [`$${field}`, null] }, null, { $subtract: [`$${field}`, seconds * 1000] }],
      });
      const set = Object.fromEntries(TIMES.map((field) => [field, earlier(field)]));
      await db.collection('jobsweep_claims').updateMany({}, [{ $set: set }]);
    },
  };
}

/** As much of the `db` of mongosh as lines of an adapter need. */
const shell = (db: Db, names: readonly string[]) => ({
  getCollectionNames: () => names,
  createCollection: (name: string) => db.createCollection(name),
  getCollection: (name: string) => db.collection(name),
});
