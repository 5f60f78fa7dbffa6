import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Db, MongoClient } from 'mongodb';
import type { Load } from '../cluster.js';
import { ago, EMPTY_JOB, type Row, type TableName, type Tables } from '../rows.js';
import { COLLECTIONS, readTables, toDocument } from './documents.js';
import type { MongoLedger } from './mongo-ledger.js';

const JOBS = 12;
const PAUSE_MS = 15;
const RECONNECT_MS = 250;
const TRANSACTION = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } } as const;

/** The application's workers on MongoDB: as those on SQL databases. */
export function mongoLoad(client: MongoClient, ledger: MongoLedger, workers: number): Load {
  const stopping = new AbortController();
  let [committed, lastError] = [0, 'none'];
  const work = Array.from({ length: workers }, (_, worker) => workFor(worker));

  async function workFor(worker: number): Promise<void> {
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      const id = String(1 + worker * JOBS + (turn % JOBS));
      try {
        await act(client, ledger, id);
        committed++;
        await delay(PAUSE_MS);
      } catch (error) {
        lastError = String(error);
        await delay(RECONNECT_MS);
      }
    }
  }
  return {
    get committed() {
      return committed;
    },
    get lastError() {
      return lastError;
    },
    async stop() {
      stopping.abort();
      await Promise.all(work);
    },
  };
}

type Write = readonly [TableName, Row];

/** One transaction that writes the job, so that jobsweep and it meet. A conflict is tried again by the next turn. */
async function act(client: MongoClient, ledger: MongoLedger, id: string): Promise<void> {
  const db = client.db();
  await client.withSession(async (session) => {
    session.startTransaction(TRANSACTION);
    const found = await readTables(db, id, session);
    const writes = writesFor(id, found);
    for (const write of writes) await put(db, session, write);
    await session.commitTransaction().catch((error: unknown) => {
      ledger.lost(id);
      throw error;
    });
    ledger.found(found, id);
    for (const [table, row] of writes) ledger.wrote(table, row);
  });
}

function writesFor(id: string, { jobs: [job] }: Tables): Write[] {
  const is = (share: number) => Math.random() < share;
  const now = ago(0, 'hours');
  if (job === undefined) return [['jobs', { id, ...EMPTY_JOB, name: 'worker' }]];
  if (job.state === 'PENDING') {
    const [status, since] = is(0.25) ? ['RESERVED', ago(11, 'minutes')] : ['ALLOCATED', now];
    const allocation = { id: String(randomInt(2 ** 40, 2 ** 47)), job_id: id, status };
    return [
      ['jobs', { ...job, state: 'RUNNING', start_time: is(0.25) ? ago(49, 'hours') : now }],
      ['allocations', { ...allocation, allocation_time: since, released_time: null }],
    ];
  }
  if (job.state === 'RUNNING') {
    return [['jobs', { ...job, state: 'COMPLETED', end_time: is(0.2) ? ago(31, 'days') : now, exit_code: '0:0' }]];
  }
  const { id: _, ...empty } = { ...EMPTY_JOB, id };
  return [['jobs', { ...job, ...empty, name: job.name ?? null }]];
}

async function put(db: Db, session: ClientSession, [table, row]: Write): Promise<void> {
  const { _id, ...fields } = toDocument(table, row);
  const filter: object = { _id: _id as unknown };
  await db.collection(COLLECTIONS[table]).updateOne(filter, { $set: fields }, { session, upsert: true });
}
