import { randomBytes } from 'node:crypto';
import {
  type CreateStrategiesOptions,
  createStrategies,
  type FilterOptions,
  runPass,
  type SchemaOptions,
  type StrategyName,
  Undo,
  USUAL_STRATEGY_NAMES,
} from '@jobsweep/core';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type KnexStoreOptions, knexStore } from '../../src/index.js';
import { type InspectedCluster, useCluster } from './support/clusters.js';
import { diagnosisOf } from './support/diagnosis.js';

interface Case {
  readonly name: string;
  readonly strategies: readonly StrategyName[];
  readonly options?: KnexStoreOptions;
  readonly own?: CreateStrategiesOptions;
  readonly ownTables?: boolean;
}

const FILTERS: FilterOptions = {
  scope: { tenant: 7 },
  exclude: { pinned: true },
  limitFor: { column: 'note', oldDays: { mail: 7 } },
  ageColumn: 'heartbeat',
};
const REQUEUE = { triesColumn: 'tries', runAfterColumn: 'run_after' };
const TOUCH = { jobs: { now: ['changed_at'], increment: ['version'] }, allocations: { increment: ['version'] } };
const ABSENT: SchemaOptions = { jobs: { columns: { errorMsg: null, exitCode: null } } };

/** A schema, or on MySQL and MariaDB a database, that is not the connection's own. */
const OTHER = `other_${randomBytes(4).toString('hex')}`;
const ELSEWHERE: SchemaOptions = { jobs: { schema: OTHER }, allocations: { schema: OTHER } };

const LOGS = { table: 'logs', key: 'job', dependents: [{ table: 'log_lines', key: 'log' }] };
const KEPT = { table: 'notes', key: 'job', where: { kind: 'keep' } };

const ARCHIVED: SchemaOptions = { dependents: { delete: [LOGS] }, archive: true };

const CASES: readonly Case[] = [
  ...USUAL_STRATEGY_NAMES.map((name) => ({ name, strategies: [name] })),
  { name: 'all strategies', strategies: USUAL_STRATEGY_NAMES },
  { name: 'all strategies with own tables', strategies: USUAL_STRATEGY_NAMES, ownTables: true },
  {
    name: 'all strategies with filters and touched columns',
    strategies: USUAL_STRATEGY_NAMES,
    options: { filters: FILTERS, touch: TOUCH },
  },
  {
    name: 'all strategies without message and exit code',
    strategies: USUAL_STRATEGY_NAMES,
    options: { schema: ABSENT },
  },
  {
    name: 'two strategies in another schema',
    strategies: ['completed_job_cleanup', 'old_job_cleanup'],
    options: { schema: ELSEWHERE },
  },
  {
    name: 'a purge with dependents',
    strategies: ['old_job_cleanup'],
    options: { schema: { dependents: { delete: [LOGS], keep: [KEPT] } } },
  },
  {
    name: 'a purge with an archive',
    strategies: ['old_job_cleanup'],
    options: { schema: ARCHIVED },
  },
  {
    name: 'a purge that keeps the newest',
    strategies: ['old_job_cleanup'],
    options: { filters: { keepNewest: { count: 1, per: { column: 'note' } } } },
  },
  {
    name: 'all strategies with filters that look into another table',
    strategies: USUAL_STRATEGY_NAMES,
    options: { filters: { exclude: { exists: KEPT } } },
  },
  {
    name: 'giving back',
    strategies: ['stale_reservation_cleanup', 'stuck_job_cleanup'],
    options: { filters: { ageColumn: { table: 'beats', key: 'job', column: 'at' } } },
    own: { stale_reservation_cleanup: { requeue: REQUEUE }, stuck_job_cleanup: { requeue: REQUEUE } },
  },
  { name: 'jobs alone', strategies: USUAL_STRATEGY_NAMES, options: { schema: { allocations: null } } },
];

const JUST_NOW = new Date().toISOString().replace('Z', '000Z');
const TODAY = new Date(Date.now() - 36_000_000).toISOString().replace('Z', '000Z');
const LONG_AGO = '2025-01-01T00:00:00.000000Z';

/** A row that is due by each rule, whatever the filters of this file are. */
async function damage(cluster: InspectedCluster, schema: SchemaOptions = {}): Promise<void> {
  const job = (id: string, row: object) => ({ id, tenant: '7', name: 'crawl', pinned: 'false', ...row });
  await cluster.clear();
  for (const table of ['log_lines', 'logs']) await cluster.knex.raw(`delete from ${table}`);
  await cluster.seed({
    jobs: [
      job('1', { state: 'COMPLETED' }),
      job('2', { state: 'RUNNING', startTime: TODAY }),
      job('3', { state: 'RUNNING', startTime: LONG_AGO, heartbeat: LONG_AGO }),
      job('4', { state: 'FAILED', endTime: LONG_AGO }),
      job('5', { state: 'FAILED', endTime: JUST_NOW }),
    ],
  });
  if (schema.allocations === null) return;
  await cluster.seed({
    allocations: [
      { id: '1', jobId: '1', status: 'ALLOCATED' },
      { id: '2', jobId: '2', status: 'RESERVED', allocationTime: LONG_AGO },
      { id: '3', jobId: '3', status: 'ALLOCATED' },
      { id: '4', jobId: '4', status: 'RELEASED' },
      { id: '5', jobId: '99', status: 'ALLOCATED', allocationTime: LONG_AGO },
    ],
  });
  await cluster.knex.raw('insert into logs (id, job) select id, 4 from jobs where id = 4');
  await cluster.knex.raw('insert into log_lines (id, log) select 4, id from logs where id = 4');
  for (const table of schema === ARCHIVED ? ['jobs', 'resource_allocations', 'logs', 'log_lines'] : []) {
    // What an earlier job with the key of a due one has there, which makes way.
    await cluster.knex.raw(`delete from ${table}_archive`);
    await cluster.knex.raw(`insert into ${table}_archive select * from ${table} where id = 4`);
  }
  if (schema !== ELSEWHERE) return;
  for (const table of ['resource_allocations', 'jobs']) {
    await cluster.knex.raw(`delete from ${OTHER}.${table}`);
    await cluster.knex.raw(`insert into ${OTHER}.${table} select * from ${table}`);
  }
}

describe.each(enginesOfRun())('the privileges that inspect.diagnosis.grants gives on %s', (engine) => {
  const isPostgres = engine === 'postgres';
  const cluster = useCluster(engine, { isUnreferenced: true });
  const run = async (...statements: readonly string[]) => {
    for (const statement of statements) await cluster.knex.raw(statement.replaceAll('?', '\\?'));
  };

  beforeEach(async () => {
    if (await cluster.knex.schema.hasColumn('jobs', 'version')) return;
    const time = isPostgres ? 'timestamptz' : 'datetime(6)';
    for (const table of ['jobs', 'resource_allocations']) {
      await run(`alter table ${table} add version bigint not null default 1`);
    }
    await run(
      `alter table jobs add changed_at ${time} not null default ${isPostgres ? 'now()' : 'current_timestamp(6)'}`,
      `alter table jobs add run_after ${time} null`,
      'alter table jobs add tries int null',
      `create table beats (job bigint primary key, at ${time})`,
    );
    await run(
      'create table logs (id bigint primary key, job bigint)',
      'create table log_lines (id bigint primary key, log bigint)',
      'create table notes (job bigint, kind varchar(20))',
    );
    // So that there are times to look at, which not every strategy may read.
    await run('create index began on jobs (state, start_time)');
    // Here everybody may use this schema, so that the grant of it would prove nothing.
    if (isPostgres) await run('revoke usage on schema public from public');
    await run(`create schema ${OTHER}`);
    for (const table of ['jobs', 'resource_allocations']) {
      await run(`create table ${OTHER}.${table} ${isPostgres ? `(like ${table} including all)` : `like ${table}`}`);
    }
    await cluster.store().ownTables.create();
    for (const table of ['jobs', 'resource_allocations']) await run(`drop table ${table}_archive`);
    await cluster.store({ schema: ARCHIVED }).archive?.create();
  });

  afterAll(() => run(isPostgres ? `drop schema ${OTHER} cascade` : `drop schema ${OTHER}`));

  /** A new user who may log in, and nothing more. */
  async function withUser<Result>(work: (user: string, url: string) => Promise<Result>): Promise<Result> {
    const user = `janitor_${randomBytes(5).toString('hex')}`;
    const url = new URL(cluster.url);
    url.username = user;
    url.password = 'secret';
    await run(
      isPostgres ? `create role ${user} login password 'secret'` : `create user ${user}@'%' identified by 'secret'`,
    );
    try {
      return await work(user, url.href);
    } finally {
      await run(...(isPostgres ? [`drop owned by ${user}`, `drop role ${user}`] : [`drop user ${user}@'%'`]));
    }
  }

  /** Does all that a runner does, as a user. Gives the rows that were repaired, or the codes of what went wrong. */
  async function passesAs(url: string, given: Case) {
    const { strategies, options = {}, own, ownTables = false } = given;
    await damage(cluster, options.schema);
    const database = new URL(url);
    // These servers let nobody use a database on which he has no privilege at all.
    if (!isPostgres && options.schema === ELSEWHERE) database.pathname = OTHER;
    const knex = createKnex({
      client: isPostgres ? 'pg' : 'mysql2',
      connection: database.href,
      pool: { min: 0, max: 1 },
    });
    const cleaned: Record<string, number> = {};
    const errors: (string | undefined)[] = [];
    const passes: Undo<Knex.Transaction>[] = [];
    try {
      const store = knexStore(knex, options);
      for (const strategy of createStrategies(store, own)) {
        if (!strategies.includes(strategy.name as StrategyName)) continue;
        const answer = ownTables
          ? await store.claims.acquire({ strategy: strategy.name, holder: 'me', termSeconds: 60 })
          : undefined;
        const claim = answer?.outcome === 'claimed' ? answer.claim : undefined;
        const pass = await runPass(store, strategy, { claim });
        if (pass.error) errors.push((pass.error as { code?: string }).code);
        cleaned[strategy.name] = pass.itemsCleaned;
        if (claim === undefined) continue;
        const { status, stopReason, blocked: _blocked, error: _error, ...counts } = pass;
        await store.journal.append({
          ...counts,
          ...{ dueMs: 0, longestDueMs: 0 },
          config: 'main',
          strategy: strategy.name,
          status: status === 'failed' ? 'failed' : 'done',
          stopReason,
          blocked: [],
          error: null,
          host: 'here',
          holder: 'me',
          note: null,
        });
        await store.claims.release(claim, { empty: false, trippedRows: 1 });
        const request = { strategy: strategy.name, by: 'me', host: 'here' };
        await store.claims.approve(request);
        await store.claims.pause(request);
        await store.claims.resume(request);
        await store.claims.list();
        await store.journal.read();
        await store.journal.prune({ maxAgeDays: 1e-9, limit: 10 });
        passes.push(new Undo(store.changes, { pass: claim.pass, strategy: strategy.name }));
      }
      for (const undo of passes) {
        const { error } = await runPass(store, undo);
        if (error) errors.push((error as { code?: string }).code);
      }
      if (ownTables) await store.changes.prune({ maxAgeDays: 1e-9, limit: 10 });
      const diagnosis = diagnosisOf(store);
      const missing = await diagnosis.missingPrivileges({ strategies: asked(store, given), ownTables });
      return { cleaned, errors, missing };
    } catch (error) {
      errors.push((error as { code?: string }).code);
      return { cleaned, errors, missing: await missingAs(knex, given) };
    } finally {
      await knex.destroy();
      if (ownTables)
        await run('delete from jobsweep_claims', 'delete from jobsweep_history', 'delete from jobsweep_changes');
    }
  }

  const missingAs = (knex: Knex, given: Case) => {
    const store = knexStore(knex, given.options);
    return diagnosisOf(store).missingPrivileges({
      strategies: asked(store, given),
      ownTables: given.ownTables ?? false,
    });
  };

  /** The strategies of a case, by their rules where these say more than their names. */
  const asked = (store: ReturnType<typeof knexStore>, { strategies, own }: Case) =>
    own === undefined
      ? strategies
      : createStrategies(store, own).flatMap(({ rule }) => (rule && strategies.includes(rule.name) ? [rule] : []));

  /** What a runner that starts as a user is told of the mapping. */
  async function findingsAs(url: string, options?: KnexStoreOptions) {
    const knex = createKnex({ client: isPostgres ? 'pg' : 'mysql2', connection: url, pool: { min: 0, max: 1 } });
    return knexStore(knex, options)
      .inspect.schema()
      .finally(() => knex.destroy());
  }

  const scriptFor = (user: string, given: Case) => {
    const store = knexStore(cluster.knex, given.options);
    return diagnosisOf(store).grants(user, { strategies: asked(store, given), ownTables: given.ownTables ?? false });
  };

  /** Each privilege of a script by itself: of a column where it is on columns. */
  function singlePrivileges(script: readonly string[]): string[] {
    return script.flatMap((statement) => {
      const [, privilege, columns, rest] = /^GRANT (\w+) \(([^)]*)\)( .*)$/.exec(statement) ?? [];
      if (columns === undefined) return [statement];
      return columns.split(', ').map((column) => `GRANT ${privilege} (${column})${rest}`);
    });
  }

  /** Privileges that a case before has shown to be needed, and to be told when they are missing: strategies add up. */
  const proved = new Set<string>();

  test.each(CASES)('are enough for $name, and each of them is needed', { timeout: 120_000 }, async (given) => {
    const expected = Object.fromEntries(
      given.strategies
        .filter((name) => given.options?.schema?.allocations !== null || /stuck|old_job/.test(name))
        .filter((name) => given.options?.filters === undefined || name !== 'orphaned_allocation_cleanup')
        .map((name) => [name, 1]),
    );
    await withUser(async (user, url) => {
      const script = await scriptFor(user, given);
      await run(...script);
      expect(await passesAs(url, given)).toEqual({ cleaned: expected, errors: [], missing: [] });
      if (isPostgres || given.options?.schema !== ELSEWHERE) expect(await findingsAs(url, given.options)).toEqual([]);

      const unneeded: string[] = [];
      const untold: string[] = [];
      for (const grant of singlePrivileges(script)) {
        const privilege = grant.replaceAll(user, '');
        if (proved.has(privilege)) continue;
        proved.add(privilege);
        await run(grant.replace(/^GRANT/, 'REVOKE').replace(/ TO (\S+)$/, ' FROM $1'));
        const { errors, missing } = await passesAs(url, given);
        if (errors.length === 0) unneeded.push(grant);
        if (missing.length !== 1) untold.push(`${grant}: ${JSON.stringify(missing)}`);
        await run(grant);
      }
      expect({ unneeded, untold }).toEqual({ unneeded: [], untold: [] });
      expect(await passesAs(url, given)).toEqual({ cleaned: expected, errors: [], missing: [] });
    });
  });
});
