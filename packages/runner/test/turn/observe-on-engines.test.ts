import { randomBytes } from 'node:crypto';
import { createStrategies, STRATEGY_NAMES } from '@jobsweep/core';
import { openStore as openSql } from '@jobsweep/repo-knex';
import { openStore as openMongo } from '@jobsweep/repo-mongo';
import { connectPlain, withMongo } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import { describe, expect, test } from 'vitest';
import { createRunner, type RunnerOptions } from '../../src/index.js';
import { statuses } from '../support/reports.js';

/** In whole seconds, so that every database keeps them as they are. */
const NOW_MS = Math.floor(Date.now() / 1000) * 1000;
const ago = (days: number) => new Date(NOW_MS - days * 86_400_000);
const NAMES = STRATEGY_NAMES.filter((name) => name !== 'waiting_job_cleanup');
const modes = Object.fromEntries(NAMES.map((name) => [name, 'observe'] as const));

/** A leak, a stale reservation, two stuck jobs and an old one. */
const ROWS = {
  jobs: [
    { id: 1, state: 'COMPLETED', start_time: ago(2), end_time: ago(1) },
    { id: 2, state: 'RUNNING', start_time: ago(0.1), end_time: null },
    { id: 3, state: 'RUNNING', start_time: ago(4), end_time: null },
    { id: 4, state: 'RUNNING', start_time: ago(3), end_time: null },
    { id: 5, state: 'FAILED', start_time: ago(90), end_time: ago(80) },
  ],
  resource_allocations: [
    { id: 11, job_id: 1, status: 'ALLOCATED', allocation_time: ago(2), released_time: null },
    { id: 12, job_id: 2, status: 'RESERVED', allocation_time: ago(0.1), released_time: null },
  ],
};
const DUE = {
  completed_job_cleanup: 1,
  stale_reservation_cleanup: 1,
  stuck_job_cleanup: 2,
  old_job_cleanup: 1,
  orphaned_allocation_cleanup: 0,
};

/** Everything observes for a round, and then what the history kept is read. */
async function observed<Session>(store: RunnerOptions<Session>['store']) {
  const strategies = createStrategies(store, {
    old_job_cleanup: { enabled: true },
    orphaned_allocation_cleanup: { enabled: true },
  });
  const report = await createRunner({ store, strategies, modes, claims: 'required' }).runOnce();
  return { report, kept: await store.journal.read() };
}

function expectAllObserved({ report, kept }: Awaited<ReturnType<typeof observed>>): void {
  expect(statuses(report)).toEqual(Object.fromEntries(NAMES.map((name) => [name, 'observed'])));
  expect(Object.fromEntries(report.strategies.map(({ name, plan }) => [name, plan?.due]))).toEqual(DUE);
  const found = kept.map(({ strategy, itemsFound }) => [strategy, itemsFound] as const);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.entries(DUE).filter(([, due]) => due > 0)));
  const stuck = kept.find(({ strategy }) => strategy === 'stuck_job_cleanup');
  expect(stuck).toMatchObject({ stopReason: 'observed', itemsCleaned: 0, batches: 0, status: 'done' });
  expect(stuck?.samples.map(({ dueSince }) => dueSince)).toEqual([ago(2), ago(1)]);
}

const onSql = enginesOfRun().filter((engine) => engine !== 'mongodb');

describe.each(onSql)('A strategy that observes on %s', (engine) => {
  const database = freshDatabase('observe', engine);
  const isPostgres = engine === 'postgres';

  test('works as a user who may write nothing but jobsweep’s own tables, and no row is another one', async () => {
    const plain = await connectPlain(database.url);
    const run = async (...statements: string[]) => {
      for (const statement of statements) await plain.query(statement);
    };
    const time = isPostgres ? 'timestamptz' : 'datetime(6)';
    await run(
      `create table jobs (id bigint primary key, name varchar(100), state varchar(20) not null, start_time ${time},
         end_time ${time}, error_msg text, exit_code varchar(20))`,
      `create table resource_allocations (id bigint primary key, job_id bigint references jobs (id), status varchar(20),
         allocation_time ${time}, released_time ${time})`,
    );
    for (const [table, rows] of Object.entries(ROWS)) {
      for (const row of rows) {
        const values = Object.values(row).map((value: unknown) =>
          value instanceof Date ? value.toISOString().slice(0, 19).replace('T', ' ') : value,
        );
        await plain.query(
          `insert into ${table} (${Object.keys(row).join(', ')}) values (${values.map(() => '?').join(', ')})`,
          values,
        );
      }
    }
    const everything = async () => {
      // On PostgreSQL also the version of each row, which any write changes.
      const all = isPostgres ? 'xmin, xmax, t.*' : 't.*';
      const read = (table: string) => plain.query(`select ${all} from ${table} t order by id`);
      return [await read('jobs'), await read('resource_allocations')];
    };
    const before = await everything();

    const owner = await openSql({ url: database.url });
    await owner.store.ownTables.create();
    await owner.close();
    const user = `observer_${randomBytes(5).toString('hex')}`;
    const grantee = isPostgres ? user : `${user}@'%'`;
    await run(
      isPostgres ? `create role ${user} login password 'secret'` : `create user ${grantee} identified by 'secret'`,
    );
    const url = Object.assign(new URL(database.url), { username: user, password: 'secret' }).href;
    try {
      await run(
        `grant select on jobs to ${grantee}`,
        `grant select on resource_allocations to ${grantee}`,
        `grant select, insert, update on jobsweep_claims to ${grantee}`,
        `grant select, insert, delete on jobsweep_history to ${grantee}`,
        `grant select, insert, delete on jobsweep_changes to ${grantee}`,
      );
      const { store, close } = await openSql({ url });
      expectAllObserved(await observed(store).finally(close));
      expect(await everything()).toEqual(before);
    } finally {
      await run(...(isPostgres ? [`drop owned by ${user}`, `drop role ${user}`] : [`drop user ${grantee}`]));
      await plain.close();
    }
  });
});

describe.runIf(enginesOfRun().includes('mongodb'))('A strategy that observes on MongoDB', () => {
  const database = freshDatabase('observe', 'mongodb');

  test('changes no document', async () => {
    const everything = () =>
      withMongo(database.url, async (client) => {
        const read = (name: string) => client.db().collection(name).find().sort({ _id: 1 }).toArray();
        return [await read('jobs'), await read('resource_allocations')];
      });
    const asDocuments = (rows: readonly { readonly id: number }[]) =>
      rows.map(({ id, ...row }) => {
        const fields = Object.entries(row).map(([name, value]) => [
          name.replaceAll(/_./g, (letter) => letter.charAt(1).toUpperCase()),
          value,
        ]);
        return { _id: id as never, ...(Object.fromEntries(fields) as object) };
      });
    await withMongo(database.url, async (client) => {
      await client.db().collection('jobs').insertMany(asDocuments(ROWS.jobs));
      await client.db().collection('resource_allocations').insertMany(asDocuments(ROWS.resource_allocations));
    });
    const before = await everything();
    const { store, close } = await openMongo({ url: database.url });
    await store.ownTables.create();
    expectAllObserved(await observed(store).finally(close));
    expect(await everything()).toEqual(before);
  });
});
