import { runInNewContext } from 'node:vm';
import { type StoreDiagnosis, USUAL_STRATEGY_NAMES } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import { beforeEach, describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../../src/index.js';
import { missingOf } from '../../src/inspection/privileges.js';
import { has, OLD, useDatabase } from '../support/database.js';

describe.runIf(has('mongodb'))('the diagnosis', () => {
  const database = useDatabase('mongodb');
  const plain = () => database.connection.getClient().db(database.connection.name);
  const diagnosis = (options: MongoStoreOptions = {}): StoreDiagnosis => {
    const { diagnosis: found } = mongoStore(database.connection, options).inspect;
    if (found === undefined) throw new Error('There is one');
    return found;
  };
  const all = { strategies: USUAL_STRATEGY_NAMES, ownTables: true } as const;

  beforeEach(async () => {
    await database.jobs.dropIndexes();
    await database.allocations.dropIndexes();
  });

  test('tells of states that nobody mapped, the most frequent first, up to a number, and of those that filters let through', async () => {
    await database.jobs.insertMany([
      { state: 'RUNNING', tenant: 1 },
      { state: 'SUSPENDED', tenant: 1 },
      { state: 'SUSPENDED', tenant: 1 },
      { state: 'running', tenant: 2 },
      { tenant: 2 },
      { state: 7, tenant: 2 },
    ]);
    await database.allocations.insertMany([{ status: 'DRAINING' }, { status: 'RELEASED' }]);
    const found = await diagnosis().unknownStates();
    expect(found[0]).toEqual({ table: 'jobs', value: 'SUSPENDED', rows: 2 });
    expect(new Set(found.map(({ table, value }) => `${table} ${value}`))).toEqual(
      new Set(['jobs SUSPENDED', 'jobs running', 'jobs null', 'jobs 7', 'allocations DRAINING']),
    );
    expect((await diagnosis().unknownStates({ atMost: 1 }))[0]).toMatchObject({ rows: 1 });
    const scoped = diagnosis({ filters: { scope: { tenant: 1 } } });
    expect(await scoped.unknownStates()).toEqual([{ table: 'jobs', value: 'SUSPENDED', rows: 2 }]);
    await expect(diagnosis().unknownStates({ atMost: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test('advises the indexes of the strategies, makes them, and finds them then', async () => {
    const advice = await diagnosis().indexes(USUAL_STRATEGY_NAMES);
    expect(advice.map(({ table, columns, servedBy }) => [table, columns.join(), servedBy])).toEqual([
      ['resource_allocations', 'status,_id', null],
      ['resource_allocations', 'status,allocationTime,_id', null],
      ['jobs', 'state,startTime,_id', null],
      ['jobs', 'state,endTime,_id', null],
      ['resource_allocations', 'jobId', null],
    ]);
    expect(advice[2]?.statement).toBe(
      'db.getCollection("jobs").createIndex({"state":1,"startTime":1,"_id":1}, {"name":"jobsweep_jobs_running"})',
    );
    // Some by us, the others as an operator does it.
    for (const each of advice.slice(0, 3)) await diagnosis().createIndex(each);
    const shell = { getCollection: (name: string) => plain().collection(name) };
    for (const { statement } of advice.slice(3)) await (runInNewContext(statement, { db: shell }) as Promise<unknown>);
    const now = await diagnosis().indexes(USUAL_STRATEGY_NAMES);
    expect(now.map(({ servedBy }) => servedBy)).toEqual(advice.map(({ name }) => name));
  });

  test('makes no index once its signal has fired, also while the connection is being asked for', async () => {
    const [advice] = await diagnosis().indexes(['stuck_job_cleanup']);
    if (advice === undefined) throw new Error('There is one');
    const before = await database.jobs.indexes();
    const aborting = new AbortController();
    const made = diagnosis().createIndex(advice, { signal: aborting.signal });
    aborting.abort();
    await expect(made).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await database.jobs.indexes()).toEqual(before);
  });

  test('advises only what the given strategies need, under a name that is free', async () => {
    await database.jobs.createIndexes([{ key: { other: 1 }, name: 'jobsweep_jobs_running' }]);
    expect((await diagnosis().indexes(['stuck_job_cleanup'])).map(({ name }) => name)).toEqual([
      'jobsweep_jobs_running_2',
      'jobsweep_allocations_job',
    ]);
    const alone = diagnosis({ schema: { allocations: null } });
    expect((await alone.indexes(USUAL_STRATEGY_NAMES)).map(({ table }) => table)).toEqual(['jobs', 'jobs']);
  });

  test.each<[string, Record<string, 1 | -1>, object, boolean]>([
    ['more fields', { state: 1, startTime: 1, _id: 1, name: 1 }, {}, true],
    ['all fields the other way round', { state: -1, startTime: -1, _id: -1 }, {}, true],
    ['one field the other way round', { state: 1, startTime: -1, _id: 1 }, {}, false],
    ['another order', { startTime: 1, state: 1, _id: 1 }, {}, false],
    ['fewer fields', { state: 1, startTime: 1 }, {}, false],
    ['some documents only', { state: 1, startTime: 1, _id: 1 }, { sparse: true }, false],
    ['those of a condition', { state: 1, startTime: 1, _id: 1 }, { partialFilterExpression: { a: 1 } }, false],
  ])('takes an index with %s for what it is', async (_what, key, options, isServed) => {
    await database.jobs.createIndexes([{ ...options, key, name: 'theirs' }]);
    const [advice] = await diagnosis().indexes(['stuck_job_cleanup']);
    expect(advice?.servedBy).toBe(isServed ? 'theirs' : null);
  });

  test('measures what a page costs, less with the index than without', async () => {
    await database.jobs.insertMany(
      Array.from({ length: 300 }, (_none, n) => ({ state: n === 0 ? 'RUNNING' : 'PENDING', startTime: OLD })),
    );
    const rule = { name: 'stuck_job_cleanup', maxAgeHours: 48 } as const;
    const before = await diagnosis().cost(rule);
    expect(before).toMatchObject({ rowsExamined: 300, plan: expect.stringContaining('COLLSCAN') });
    expect(before.durationMs).toBeGreaterThan(0);
    for (const each of await diagnosis().indexes(['stuck_job_cleanup'])) await diagnosis().createIndex(each);
    const after = await diagnosis().cost(rule);
    // SecantusDB uses no index for a condition that is more than one value.
    const { product } = await mongoStore(database.connection).inspect.server();
    expect(after.rowsExamined).toBe(product === 'SecantusDB' ? 300 : 1);
    for (const name of ['completed_job_cleanup', 'stale_reservation_cleanup', 'old_job_cleanup'] as const) {
      const other = await diagnosis().cost({ name, maxAgeMinutes: 10, maxAgeDays: 30 });
      expect(other.plan).toContain('SCAN');
    }
  });

  test('counts allocations that hold something for a job that is gone, or for none, and knows of no foreign keys', async () => {
    await database.jobs.insertOne({ _id: 1 as never, state: 'RUNNING' });
    await database.allocations.insertMany([
      { jobId: 1 },
      { jobId: 2 },
      { jobId: '1' },
      { jobId: null },
      { jobId: 3, status: 'RELEASED' },
    ]);
    expect(await diagnosis().orphans()).toBe(3);
    expect(await diagnosis().orphans({ atMost: 2 })).toBe(2);
    expect(await diagnosis({ schema: { allocations: null } }).orphans()).toBeNull();
    expect(await diagnosis().references()).toBeNull();
  });

  test('misses no privilege where nobody is asked who they are', async () => {
    expect(await diagnosis().missingPrivileges(all)).toEqual([]);
  });

  test('gives a role exactly what the strategies do, again and again, and nothing to others', async () => {
    const made: mongo.Document[] = [];
    const on = {
      getRole: () => null,
      getUser: () => null,
      createRole: (role: mongo.Document) => plain().command({ createRole: role.role, privileges: [], roles: [] }),
      updateRole: (name: string, rights: mongo.Document) => {
        made.push(rights);
        return plain().command({ updateRole: name, ...rights });
      },
      createUser: ({ user, pwd }: mongo.Document) => plain().command({ createUser: user, pwd, roles: [] }),
      grantRolesToUser: (user: string, roles: string[]) => plain().command({ grantRolesToUser: user, roles }),
    };
    const shell = { db: { getSiblingDB: () => on }, passwordPrompt: () => 'secret' };
    const script = await diagnosis().grants('sweeper', { strategies: ['completed_job_cleanup'], ownTables: false });
    for (const line of script) await (runInNewContext(line, shell) as Promise<unknown>);
    const db = database.connection.name;
    const { users } = await plain().command({ usersInfo: 'sweeper' });
    expect(users).toMatchObject([{ user: 'sweeper', roles: [{ role: 'jobsweep_sweeper', db }] }]);
    expect(made).toEqual([
      {
        privileges: [
          { resource: { db, collection: '' }, actions: ['listCollections'] },
          { resource: { db, collection: 'jobs' }, actions: ['find', 'update'] },
          { resource: { db, collection: 'resource_allocations' }, actions: ['find', 'update'] },
        ],
        roles: [],
      },
    ]);
    await plain().command({ dropUser: 'sweeper' });
    await plain().command({ dropRole: 'jobsweep_sweeper' });
    await expect(diagnosis().grants('', all)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

test('privileges of a collection, of a database and of everything cover a need, and others do not', () => {
  const need = { action: 'update', collection: 'jobs', strategies: ['stuck_job_cleanup'] };
  const missing = (...privileges: Parameters<typeof missingOf>[2]) => missingOf('cluster', [need], privileges);
  const actions = ['update'];
  expect(missing({ resource: { db: 'cluster', collection: 'jobs' }, actions })).toEqual([]);
  expect(missing({ resource: { db: 'cluster', collection: '' }, actions })).toEqual([]);
  expect(missing({ resource: { db: '', collection: 'jobs' }, actions })).toEqual([]);
  expect(missing({ resource: { anyResource: true }, actions: ['anyAction'] })).toEqual([]);
  const lacking = [{ privilege: 'update', on: 'cluster.jobs', strategies: ['stuck_job_cleanup'] }];
  expect(missing()).toEqual(lacking);
  expect(missing({ resource: { db: 'cluster', collection: 'jobs' }, actions: ['find'] })).toEqual(lacking);
  expect(missing({ resource: { db: 'other', collection: '' }, actions })).toEqual(lacking);
  expect(missing({ resource: { db: 'cluster', collection: 'jobs2' }, actions })).toEqual(lacking);
});
