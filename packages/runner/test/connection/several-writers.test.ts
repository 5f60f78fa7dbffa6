import type { OpenedStore } from '@jobsweep/core';
import { openStore } from '@jobsweep/repo-knex';
import { asksForWholeSuite, connectPlain, type Group, type Plain, startGroup } from '@jobsweep/test-engines';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRunner, diagnose } from '../../src/index.js';
import { recordingLogger } from '../support/fakes.js';
import { statuses } from '../support/reports.js';

const TABLES = [
  'create database cluster',
  'create table cluster.jobs (id bigint primary key, name text, state varchar(20), start_time datetime(6), end_time datetime(6), error_msg text, exit_code text)',
  'create table cluster.resource_allocations (id bigint primary key, job_id bigint, status varchar(20), allocation_time datetime(6), released_time datetime(6), key (job_id))',
  "insert into cluster.jobs (id, name, state, start_time) values (1, 'stuck', 'RUNNING', '2020-01-01')",
  "create user low@'%' identified by 'low'",
  "grant all on cluster.* to low@'%'",
];
const GROUP_MS = 120_000;

// What a node says of its cluster is judged in every run by repo-knex; three members take a quarter of a minute to start.
describe.runIf(asksForWholeSuite() && enginesOfRun().includes('mysql'))('three members of Group Replication', () => {
  const open: { group?: Group; sql?: Plain; stores: OpenedStore<unknown>[] } = { stores: [] };
  const url = (change: Partial<URL> = {}) => {
    const [first = ''] = open.group?.urls ?? [];
    return Object.assign(new URL(first), { pathname: '/cluster', ...change }).href;
  };
  const storeAs = async (change?: Partial<URL>) => {
    const opened = await openStore({ url: url(change) });
    open.stores.push(opened);
    return opened.store;
  };
  const states = () => open.sql?.query('select state from cluster.jobs');

  beforeAll(async () => {
    open.group = await startGroup(3);
    open.sql = await connectPlain(url({ pathname: '/mysql' }));
    for (const statement of TABLES) await open.sql.query(statement);
  }, GROUP_MS);
  afterAll(async () => {
    await Promise.all(open.stores.map(({ close }) => close()));
    await open.sql?.close();
    await open.group?.stop();
  }, GROUP_MS);

  test('are refused while all of them take writes, also by a user who may not see them, and nothing is written', async () => {
    const refusal = (nodes: string) => ({
      code: 'ENGINE_UNSUPPORTED',
      message: expect.stringContaining(`${nodes} nodes of this cluster (Group Replication) take writes`),
    });
    const store = await storeAs();
    await expect(createRunner({ store }).runOnce()).rejects.toMatchObject(refusal('3'));
    await expect(createRunner({ store }).start()).rejects.toMatchObject(refusal('3'));
    const low = await storeAs({ username: 'low', password: 'low' });
    await expect(createRunner({ store: low }).runOnce()).rejects.toMatchObject(refusal('Several'));
    expect((await diagnose(store, [])).findings).toContainEqual(
      expect.objectContaining({ check: 'schema', severity: 'error', subject: 'multiWriter' }),
    );
    expect(await states()).toEqual([{ state: 'RUNNING' }]);
  });

  test('are worked on where people say that all write through one of them, with a warning', async () => {
    const logger = recordingLogger();
    const runner = createRunner({ store: await storeAs(), multiWriter: 'accepted', logger });
    expect(statuses(await runner.runOnce({ only: ['stuck_job_cleanup'] }))).toMatchObject({
      stuck_job_cleanup: 'done',
    });
    expect(logger.lines).toContainEqual(expect.stringMatching(/^warn multiWriter: 3 nodes/));
    expect(await states()).toEqual([{ state: 'FAILED' }]);
  });

  test('are nothing to be told once one of them alone takes writes', async () => {
    await open.sql?.query(
      'select group_replication_switch_to_single_primary_mode((select member_id from performance_schema.replication_group_members where member_port = @@port))',
    );
    const store = await storeAs();
    expect(await store.inspect.schema()).toEqual([]);
    expect(statuses(await createRunner({ store }).runOnce())).toMatchObject({ stuck_job_cleanup: 'skipped' });
  });
});
