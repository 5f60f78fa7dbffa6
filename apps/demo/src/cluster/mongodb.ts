import { type Collection, type Db, type Document, type FindCursor, MongoClient } from 'mongodb';
import type { ClusterDatabase, Connection, Rows } from './database.js';
import { rowOf, toDocument } from './documents.js';
import { toHoldings } from './holdings.js';
import { ALLOCATION_COLUMNS, type AllocationRow, type Holding, JOB_COLUMNS, type JobRow } from './rows.js';

/** The indexes that jobsweep advises for MongoDB. */
const INDEXES = {
  jobs: [
    { state: 1, startTime: 1, _id: 1 },
    { state: 1, endTime: 1, _id: 1 },
  ],
  allocations: [
    { status: 1, _id: 1 },
    { status: 1, allocationTime: 1, _id: 1 },
    { jobId: 1, _id: 1 },
  ],
} as const;

/** Ids of one filter: some servers look each document up in the whole list. */
const FILTER_IDS = 200;

const CHUNK_DOCUMENTS = 1000;

/** Values in the types that the server has, not in those that the driver would make of them. */
const AS_STORED = { promoteValues: false, promoteLongs: false } as const;

/** One connection to a MongoDB. */
export function connectMongo(url: string): Connection {
  const client = new MongoClient(url, { appName: 'jobsweep-demo', maxPoolSize: 2 });
  const close = () => client.close();
  return {
    async open() {
      await client.connect();
      return mongoDatabase(client.db());
    },
    close,
    cut: () => void close().catch(() => undefined),
  };
}

function mongoDatabase(db: Db): ClusterDatabase {
  const jobs = db.collection<Stored>('jobs');
  const allocations = db.collection<Stored>('resource_allocations');
  return {
    async now() {
      const { localTime } = (await db.admin().command({ hello: 1 })) as { localTime: Date };
      return localTime.getTime() * 1000;
    },
    async createTables() {
      for (const [collection, indexes] of [
        [jobs, INDEXES.jobs],
        [allocations, INDEXES.allocations],
      ] as const) {
        await db.createCollection(collection.collectionName);
        await collection.createIndexes(indexes.map((key) => ({ key })));
      }
    },
    createIndexes: () => Promise.resolve(),
    async insert(rows) {
      for (const [collection, documents] of documentsOf(rows)) {
        for (const some of chunksOf(documents, CHUNK_DOCUMENTS)) await collection.insertMany(some, { ordered: false });
      }
    },
    async replace(rows) {
      for (const [collection, documents] of documentsOf(rows)) {
        for (const some of chunksOf(documents, CHUNK_DOCUMENTS)) {
          await collection.bulkWrite(
            some.map(({ _id, ...replacement }) => ({ replaceOne: { filter: { _id }, replacement } })),
          );
        }
      }
    },
    async find(jobIds) {
      const found: Holding[] = [];
      for (const ids of chunksOf(jobIds, FILTER_IDS)) {
        const some = { $in: [...ids] };
        const theirs = jobs.find({ _id: some }, AS_STORED).sort({ _id: 1 });
        const held = allocations.find({ jobId: some }, AS_STORED).sort({ jobId: 1, _id: 1 });
        found.push(...toHoldings(await theirs.map(toJob).toArray(), await held.map(toAllocation).toArray()));
      }
      return found;
    },
    holdings: (jobsAtOnce) =>
      merge(
        jobs.find({}, AS_STORED).sort({ _id: 1 }).map(toJob),
        allocations.find({}, AS_STORED).sort({ jobId: 1, _id: 1 }).map(toAllocation),
        jobsAtOnce,
      ),
    analyze: () => Promise.resolve(),
  };

  function documentsOf(rows: Rows): [Collection<Stored>, Stored[]][] {
    return [
      [jobs, rows.jobs.map((row) => toDocument(JOB_COLUMNS, row))],
      [allocations, rows.allocations.map((row) => toDocument(ALLOCATION_COLUMNS, row))],
    ];
  }
}

type Stored = Document & { readonly _id: number };

const toJob = (document: Document) => rowOf<JobRow>(JOB_COLUMNS, document);
const toAllocation = (document: Document) => rowOf<AllocationRow>(ALLOCATION_COLUMNS, document);

/** Puts two cursors together, so that each collection is read once and the server gives some documents at a time. */
async function* merge(
  jobs: FindCursor<JobRow>,
  allocations: FindCursor<AllocationRow>,
  jobsAtOnce: number,
): AsyncGenerator<Holding[]> {
  let held = await allocations.next();
  for (let last = 0; last < Number.POSITIVE_INFINITY; ) {
    const page: JobRow[] = [];
    for (let job = await jobs.next(); job !== null; job = page.length < jobsAtOnce ? await jobs.next() : null)
      page.push(job);
    last = page.length < jobsAtOnce ? Number.POSITIVE_INFINITY : (page.at(-1)?.id ?? 0);
    const theirs: AllocationRow[] = [];
    for (; held !== null && held.jobId <= last; held = await allocations.next()) theirs.push(held);
    yield toHoldings(page, theirs);
  }
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
