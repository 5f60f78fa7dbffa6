import type { Cluster, Columns, Layout } from '@jobsweep/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openMongoCluster } from '../src/cluster/mongo-cluster.js';
import { createDatabase, type EngineServer } from '../src/index.js';
import { startEmbedded } from '../src/mongo/embedded.js';
import { REPLICA_SET, STANDALONE, type Topology } from '../src/mongo/topologies.js';
import { poll } from '../src/waiting.js';

const job: Columns = {
  id: '1',
  state: 'RUNNING',
  startTime: '2026-02-10T12:00:00.123000Z',
  tenant: '7',
  pinned: 'true',
};
const ALLOCATION: Columns = { id: '11', jobId: '1', status: 'RESERVED' };
const insertion = (jobId: string) =>
  ({ table: 'allocations', insert: { id: '12', jobId, status: 'RESERVED' } }) as const;
const deletion = { table: 'jobs', where: { id: '1' }, set: 'delete' } as const;

let server: EngineServer;
let cluster: Cluster<object>;

/** The suite's cluster without an adapter. */
async function openCluster(layout?: Layout): Promise<Cluster<object>> {
  const { url } = await createDatabase(server.url, { prefix: 'cluster' });
  const noAdapter = { store: () => expect.fail('there is no adapter'), close: async () => undefined };
  return openMongoCluster(url, async () => noAdapter, layout);
}

async function open(topology: Topology): Promise<void> {
  server = await startEmbedded(topology, {});
  cluster = await openCluster();
}

async function close(): Promise<void> {
  await cluster.close();
  await server.stop();
}

describe('the cluster on a replica set', () => {
  beforeAll(() => open(REPLICA_SET));
  afterAll(close);
  beforeEach(async () => {
    await cluster.clear();
    await cluster.seed({ jobs: [job], allocations: [ALLOCATION] });
  });
  afterEach(() => cluster.second.end('rollback'));

  it('reads rows in the words of the port', async () => {
    const { jobs, allocations } = await cluster.read();
    expect(jobs).toMatchObject([{ ...job, endTime: null, note: null }]);
    expect(allocations).toMatchObject([{ ...ALLOCATION, allocationTime: null }]);
  });

  it('refuses allocations without a job, and jobs to go before their allocations', async () => {
    expect(await cluster.second.act(insertion('2'))).toBe('refused');
    expect(
      await cluster.second.act({ ...deletion, table: 'allocations', where: { id: '11' }, set: { jobId: '2' } }),
    ).toBe('refused');
    expect(await cluster.second.act(deletion)).toBe('refused');
    expect(await cluster.second.act({ table: 'allocations', where: { jobId: '1' }, set: 'delete' })).toBe(1);
    expect(await cluster.second.act(deletion)).toBe(1);
    expect(await cluster.read()).toEqual({ jobs: [], allocations: [] });
  });

  it.each([
    ['inserts an allocation of the job', insertion('1')],
    ['reserves an allocation of the job', { table: 'allocations', where: { id: '11' }, set: { status: 'ALLOCATED' } }],
    ['changes the job', { table: 'jobs', where: { id: '1' }, set: { note: 'n' } }],
  ] as const)(
    'the other side that %s is held up by whoever holds the job, and comes after it',
    async (_what, action) => {
      const application = await cluster.connect();
      let acted: Promise<unknown> | undefined;
      await application.transaction(async () => {
        expect(await application.lock('jobs', '1')).toBe(true);
        await cluster.second.begin();
        acted = cluster.second.act(action);
        const isHeldUp = async () => (await cluster.second.isBlocked()) || undefined;
        expect(await poll(isHeldUp, { timeoutMs: 5000 })).toBe(true);
        expect(await application.act({ table: 'allocations', where: { id: '11' }, set: 'delete' })).toBe(1);
        expect(await application.act(deletion)).toBe(1);
      });
      await application.close();
      expect(await acted).toBe(action.table === 'allocations' && 'insert' in action ? 'refused' : 0);
      await cluster.second.end('commit');
    },
  );

  it.each([
    ['bigint', '9007199254740993'],
    ['uuid', '01890a5d-ac96-774b-bcce-b302099a8057'],
    ['text', 'a-1'],
    ['objectId', '65c8f1e2a3b4c5d6e7f80912'],
  ] as const)('has ids of the kind %s', async (ids, id) => {
    const other = await openCluster({ ids });
    await other.seed({ jobs: [{ id, state: 'RUNNING' }] });
    const allocation = { id, jobId: id, status: 'RESERVED' };
    expect(await other.second.act({ table: 'allocations', insert: allocation })).toBe(1);
    expect(await other.second.act({ table: 'allocations', where: { id }, set: { status: 'ALLOCATED' } })).toBe(1);
    expect(await other.read()).toMatchObject({ jobs: [{ id }], allocations: [{ id, jobId: id, status: 'ALLOCATED' }] });
    await other.close();
  });

  it('what others release holds up nobody else', async () => {
    await cluster.second.begin();
    expect(await cluster.second.lock('jobs', '1')).toBe(true);
    const application = await cluster.connect();
    const release = {
      table: 'allocations',
      where: { id: '11' },
      set: { status: 'RELEASED', releasedTime: 'now' },
    } as const;
    expect(await application.act(release)).toBe(1);
    expect((await application.find(['1'])).allocations).toMatchObject([{ status: 'RELEASED' }]);
    await application.close();
    expect(await cluster.second.isBlocked()).toBe(false);
  });
});

describe('the cluster on a standalone server', () => {
  beforeAll(() => open(STANDALONE));
  afterAll(close);

  it('does each act by itself', async () => {
    await cluster.seed({ jobs: [job] });
    await cluster.second.begin();
    expect(await cluster.second.act(insertion('1'))).toBe(1);
    await cluster.second.end('rollback');
    expect((await cluster.read()).allocations).toMatchObject([{ id: '12', jobId: '1' }]);
  });
});
