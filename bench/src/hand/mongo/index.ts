import { MongoClient } from 'mongodb';
import type { Act, Contender, Opening } from '../../contender.js';
import type { Allocation, Collections, Job, MongoAct } from './act.js';
import { fail, purge, release, stale } from './acts.js';

/** A transaction of more is slow on servers that keep all that it read. */
const BATCH_ROWS = 1000;

/**
 * The protocol on the plain driver: nothing is locked there, so what a page found is looked at again in the transaction, and
 * written with its guard; jobs that are relied on and not changed get their fence.
 */
export async function mongoByHand({ url }: Opening): Promise<Contender> {
  const client = await new MongoClient(url).connect();
  const db = client.db();
  const on: Collections = {
    jobs: db.collection<Job>('jobs'),
    allocations: db.collection<Allocation>('resource_allocations'),
  };
  const clock = async () => (await db.admin().command({ hello: 1 })).localTime as Date;

  async function drained<Row>({ page, repair }: MongoAct<Row>, maxRows: number): Promise<number> {
    let changed = 0;
    for (let after: Row | undefined; changed < maxRows; ) {
      const limit = Math.min(BATCH_ROWS, maxRows - changed);
      const now = await clock();
      const found = await page(on, now, after, limit);
      changed += await client.withSession((session) =>
        session.withTransaction(() => repair(on, now, found, session), {
          readConcern: { level: 'snapshot' },
          writeConcern: { w: 'majority' },
        }),
      );
      if (found.length < limit) break;
      after = found.at(-1);
    }
    return changed;
  }
  const drain: Record<Act, (maxRows: number) => Promise<number>> = {
    purge: (maxRows) => drained(purge, maxRows),
    release: (maxRows) => drained(release, maxRows),
    stale: (maxRows) => drained(stale, maxRows),
    fail: (maxRows) => drained(fail, maxRows),
  };
  return {
    drain: (act, maxRows = Number.POSITIVE_INFINITY) => drain[act](maxRows),
    look: () => Promise.reject(new Error('What a look costs is not measured on MongoDB')),
    close: () => client.close(),
  };
}
