import { createHash } from 'node:crypto';
import { type Document, MongoClient } from 'mongodb';
import type { Content, Jobs } from '../facts.js';

const CHUNK = 5000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const INDEXES: Readonly<Record<string, readonly Record<string, 1>[]>> = {
  jobs: [
    { state: 1, startTime: 1, _id: 1 },
    { state: 1, endTime: 1, _id: 1 },
  ],
  resource_allocations: [{ status: 1, _id: 1 }, { status: 1, allocationTime: 1, _id: 1 }, { jobId: 1 }],
};

/** As `makeTables`, for MongoDB: the rows are made here. */
export async function makeCollections(url: string, content: Content, base: Date): Promise<void> {
  const client = new MongoClient(url);
  try {
    const db = client.db();
    for (const [name, indexes] of Object.entries(INDEXES)) {
      for (const each of [name, `${name}_archive`])
        await db
          .collection(each)
          .drop()
          .catch(() => undefined);
      await db.collection(name).createIndexes(indexes.map((key) => ({ key })));
    }
    let first = 0;
    for (const [jobs, count] of content) {
      for (let begin = 0; begin < count; begin += CHUNK) {
        const numbers = Array.from({ length: Math.min(CHUNK, count - begin) }, (_, place) => begin + place);
        const rows = numbers.map((i) => documentsOf(jobs, first, i, count, base));
        await db.collection('jobs').insertMany(rows.map(({ job }) => job));
        await db.collection('resource_allocations').insertMany(rows.map(({ allocation }) => allocation));
      }
      first += count;
    }
  } finally {
    await client.close();
  }
}

function documentsOf(
  { states, status, beganDaysAgo: [oldest, newest], endedWithinDays }: Jobs,
  first: number,
  i: number,
  count: number,
  base: Date,
): { readonly job: Document; readonly allocation: Document } {
  const minutes = (oldest - ((oldest - newest) * i) / count) * DAY_MINUTES;
  const ago = (some: number) => new Date(Math.round(base.getTime() - some * MINUTE_MS));
  const spread = Math.max(1, (endedWithinDays ?? 0) * DAY_MINUTES);
  const endTime = endedWithinDays === undefined ? null : ago(minutes - ((i * 7919) % spread));
  const _id = first + i;
  const state = states[i % states.length];
  return {
    job: { _id, name: `job-${_id}`, state, startTime: ago(minutes), endTime, exitCode: '0:0' },
    allocation: { _id: 5 * _id, jobId: _id, status, allocationTime: ago(minutes) },
  };
}

/** As `leftInTables`, for MongoDB. */
export async function leftInCollections(url: string, base: Date): Promise<string> {
  const client = new MongoClient(url);
  try {
    const parts: string[] = [];
    for (const name of Object.keys(INDEXES)) {
      const documents = await client.db().collection(name).find().sort({ _id: 1 }).toArray();
      const digest = createHash('md5');
      for (const document of documents) digest.update(asLeft(document, base));
      parts.push(`${documents.length} ${name}: ${digest.digest('hex')}`);
    }
    return parts.join(', ');
  } finally {
    await client.close();
  }
}

/** A fence counts how often a job was relied on, which says nothing. */
const asLeft = (document: Document, base: Date): string =>
  Object.entries(document)
    .filter(([name]) => name !== 'fence')
    .map(([name, value]) => `${name} ${value instanceof Date && value > base ? 'now' : JSON.stringify(value)}`)
    .sort()
    .join();
