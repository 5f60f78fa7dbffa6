import type { Cluster, Layout } from '@jobsweep/contract';
import type { SchemaOptions } from '@jobsweep/core';
import { type ClientSession, MongoClient } from 'mongodb';
import { serverFacts } from '../mongo/connect.js';
import { archiveOf, withArchive } from './archive.js';
import { tablesOf } from './columns.js';
import { mongoApplication, mongoOtherSide } from './mongo-application.js';
import { mongoOwnTables } from './mongo-own-tables.js';
import { MongoRows, serverTime } from './mongo-rows.js';
import type { ConnectedAdapter } from './sql-cluster.js';

/** The default collections of adapters for MongoDB. */
const DEFAULTS: SchemaOptions = {
  jobs: {
    columns: { id: '_id', startTime: 'startTime', endTime: 'endTime', errorMsg: 'errorMsg', exitCode: 'exitCode' },
  },
  allocations: {
    columns: { id: '_id', jobId: 'jobId', allocationTime: 'allocationTime', releasedTime: 'releasedTime' },
  },
};

/** The suite's cluster on a database of MongoDB, on a server with transactions or on one without. */
export async function openMongoCluster<Session extends object>(
  url: string,
  connect: (url: string, layout: Layout) => Promise<ConnectedAdapter<Session>>,
  layout: Layout = {},
): Promise<Cluster<Session>> {
  const hasTransactions = (await serverFacts(url)).topology === 'replica set';
  const tables = tablesOf(layout, DEFAULTS, 'instant');
  const [client, other] = [new MongoClient(url), new MongoClient(url)];
  const rowsOf = (of: MongoClient) => new MongoRows(of.db(), tables);
  const [rows, archive] = [rowsOf(client), new MongoRows(client.db(), archiveOf(tables))];
  await rows.create();
  await archive.create();
  const adapter = await connect(url, layout);
  const { schema } = layout;
  const { module, options, driven } = adapter;

  return {
    store: (given, parts) => adapter.store(withArchive({ ...(schema && { schema }), ...given }), parts),
    async seed({ jobs = [], allocations = [] }) {
      if (jobs.length > 0) await rows.insert('jobs', jobs);
      if (allocations.length > 0) await rows.insert('allocations', allocations);
    },
    read: () => rows.read(),
    archive: { read: () => archive.read() },
    async clear() {
      await (hasTransactions ? client.withSession((session) => clearAtOnce(session, rows)) : rows.clear());
      await archive.clear();
    },
    now: () => serverTime(client.db()),
    own: mongoOwnTables(client.db()),
    ...(module && { elsewhere: { module, connection: { url }, ...(options && { options }) } }),
    ...(driven && { driven }),
    second: mongoOtherSide(other, rowsOf(other), hasTransactions),
    async connect() {
      const connection = new MongoClient(url);
      return mongoApplication(connection, rowsOf(connection), hasTransactions);
    },
    async close() {
      await Promise.all([adapter.close(), client.close(), other.close()]);
    },
  };
}

/** In a transaction, which fails where others hold a row, while a delete by itself would wait for them. */
async function clearAtOnce(session: ClientSession, rows: MongoRows): Promise<void> {
  session.startTransaction();
  await rows.in(session).clear();
  await session.commitTransaction();
}
