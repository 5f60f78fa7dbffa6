import type { Document, MongoClient } from 'mongodb';
import { type Load, startLoad, writesFor } from '../load.js';
import { COLLECTIONS, readTables, toDocument } from './documents.js';
import type { MongoLedger } from './mongo-ledger.js';

const TRANSACTION = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } } as const;

/** Every transaction writes its job, so that jobsweep and it meet. */
export function mongoLoad(client: MongoClient, ledger: MongoLedger, workers: number): Load {
  const act = (jobId: string) =>
    client.withSession(async (session) => {
      const db = client.db();
      session.startTransaction(TRANSACTION);
      const found = await readTables(db, { jobId, session });
      const writes = writesFor(jobId, found.jobs[0]?.state);
      for (const { table, id, set } of writes) {
        const filter: Document = { _id: id };
        await db
          .collection(COLLECTIONS[table])
          .updateOne(filter, { $set: toDocument(table, set) }, { session, upsert: true });
      }
      await session.commitTransaction().catch((error: unknown) => {
        ledger.lost(jobId);
        throw error;
      });
      ledger.found(found, jobId);
      for (const { table, id, set } of writes) ledger.wrote(table, id, set);
    });
  return startLoad(workers, () => Promise.resolve({ act, close: () => Promise.resolve() }));
}
