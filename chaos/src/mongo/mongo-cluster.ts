import { openStore } from '@jobsweep/repo-mongo';
import { createDatabase } from '@jobsweep/test-engines';
import { type Db, MongoClient } from 'mongodb';
import type { Cluster } from '../cluster.js';
import { type Counts, NOTHING } from '../judge.js';
import { OLD_DAYS, type Row, STALE_MINUTES, STUCK_HOURS, type TableName, type Tables } from '../rows.js';
import { COLLECTIONS, readTables, toDocument } from './documents.js';
import { MongoLedger } from './mongo-ledger.js';
import { mongoLoad } from './mongo-load.js';

export async function openMongoCluster(serverUrl: string, rows: Tables): Promise<Cluster> {
  const { url } = await createDatabase(serverUrl, { prefix: 'chaos' });
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 2000 });
  const db = client.db();
  for (const table of Object.keys(COLLECTIONS) as TableName[]) {
    const documents = rows[table].map((row) => toDocument(table, row));
    await db.collection(COLLECTIONS[table]).insertMany(documents);
  }
  await db.collection(COLLECTIONS.allocations).createIndexes([{ key: { jobId: 1 } }]);
  await db.collection(COLLECTIONS.jobs).createIndexes([{ key: { state: 1, endTime: 1 } }]);
  const own = await openStore({ url });
  await own.store.ownTables.create();
  await own.close();
  const opening = await readTables(db);
  const ledger = new MongoLedger(opening);
  return {
    ...{ adapter: '@jobsweep/repo-mongo', applicationUrl: url, url, opening },
    load: (workers) => mongoLoad(client, ledger, Math.min(workers, 2)),
    due: async () => dueIn(await readTables(db)),
    tables: () => readTables(db),
    archived: () => readTables(db, { suffix: '_archive' }),
    async forgetClients() {
      await client.db('admin').command({ killAllSessions: [] });
    },
    async entries() {
      ledger.found(await readTables(db));
      return ledger.entries;
    },
    history: () => readHistory(db),
    close: () => client.close(),
  };
}

async function readHistory(db: Db): Promise<Counts> {
  const counts: Record<string, number> = { ...NOTHING };
  for (const { strategy, items_cleaned } of await db.collection('jobsweep_history').find().toArray()) {
    counts[String(strategy)] = (counts[String(strategy)] ?? 0) + Number(items_cleaned);
  }
  return { ...NOTHING, ...counts };
}

function dueIn({ jobs, allocations }: Tables): Counts {
  const byJob = new Map<string, Row[]>();
  for (const row of allocations) byJob.set(row.job_id ?? '', [...(byJob.get(row.job_id ?? '') ?? []), row]);
  const finished = new Set(jobs.filter(({ state }) => state !== 'PENDING' && state !== 'RUNNING').map(({ id }) => id));
  const running = new Set(jobs.filter(({ state }) => state === 'RUNNING').map(({ id }) => id));
  const isBefore = (time: string | null | undefined, ms: number) =>
    time !== null && time !== undefined && Date.parse(time) < Date.now() - ms;
  const isStale = (row: Row) => row.status === 'RESERVED' && isBefore(row.allocation_time, STALE_MINUTES * 60_000);
  const siblings = (jobId: string | null | undefined) => byJob.get(jobId ?? '') ?? [];
  const isHeld = ({ status }: Row) => status === 'RESERVED' || status === 'ALLOCATED';
  return {
    completed_job_cleanup: allocations.filter((row) => isHeld(row) && finished.has(row.job_id ?? '')).length,
    stale_reservation_cleanup: allocations.filter(
      (row) =>
        isStale(row) &&
        running.has(row.job_id ?? '') &&
        siblings(row.job_id).every((each) => each.status === 'RELEASED' || isStale(each)),
    ).length,
    stuck_job_cleanup: jobs.filter(
      (job) => running.has(job.id ?? '') && isBefore(job.start_time, STUCK_HOURS * 3_600_000),
    ).length,
    old_job_cleanup: jobs.filter(
      (job) =>
        finished.has(job.id ?? '') &&
        isBefore(job.end_time, OLD_DAYS * 86_400_000) &&
        siblings(job.id).every(({ status }) => status === 'RELEASED'),
    ).length,
  };
}
