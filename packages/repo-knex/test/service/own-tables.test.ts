import type { CleanupStore } from '@jobsweep/core';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { useDatabase } from './support/opened.js';
import type { Raw } from './support/raw.js';

const NAMES = ['jobsweep_claims', 'jobsweep_history', 'jobsweep_changes'];
const REQUEST = { strategy: 'stuck_job_cleanup', holder: 'host-1', termSeconds: 60 };

const AN_OLD_PASS = `insert into jobsweep_history (config, strategy, status, stop_reason, started_at, duration_ms, due_ms, longest_due_ms, items_cleaned, items_found,
           items_contended, items_passed_over, items_blocked, items_unknown, batches, blocked, host, holder)
         values ('main', 'a', 'done', 'drained', '2020-01-01', 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, '[]', 'h', 'h')`;

describe.each(enginesOfRun())('the tables that a store makes for itself on %s', (engine) => {
  const database = useDatabase(engine);
  const isPostgres = engine === 'postgres';
  const elsewhere = isPostgres ? 'ops' : `ops_${Date.now()}`;
  beforeEach(async () => {
    await database.raw.query(`drop table if exists ${NAMES.join(', ')}`);
    await database.raw.query(`drop schema if exists ${elsewhere}${isPostgres ? ' cascade' : ''}`);
  });
  afterAll(() => database.raw.query(`drop schema if exists ${elsewhere}${isPostgres ? ' cascade' : ''}`));

  /** Everything the catalogue knows of the columns and indexes of the tables. */
  const catalogue = async (raw: Raw) => {
    const inHere = isPostgres ? 'table_schema = current_schema()' : 'table_schema = database()';
    const columns = await raw.query(
      `select * from information_schema.columns where ${inHere} and table_name in (?, ?, ?)
       order by table_name, ordinal_position`,
      NAMES,
    );
    const indexes = isPostgres
      ? await raw.query('select indexdef from pg_indexes where tablename in (?, ?, ?) order by indexname', NAMES)
      : await raw.query(
          `select table_name as t, index_name as i, seq_in_index as n, column_name as c, non_unique as u
           from information_schema.statistics where ${inHere} and table_name in (?, ?, ?) order by 1, 2, 3`,
          NAMES,
        );
    return { columns, indexes };
  };

  test('are made where they are missing, once, and told', async () => {
    const { ownTables } = await database.open();
    const missing = NAMES.map((table) => ({ table, exists: false, problem: null }));
    expect(await ownTables.state()).toEqual(missing);
    expect(await ownTables.create()).toEqual(NAMES);
    expect(await ownTables.state()).toEqual(missing.map((state) => ({ ...state, exists: true })));
    expect(await ownTables.create()).toEqual([]);
    await database.raw.query('drop table jobsweep_history');
    expect(await ownTables.create()).toEqual(['jobsweep_history']);
  });

  test('are made by one of many who try at once, and none of them fails', async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => database.open()));
    for (let round = 0; round < 5; round += 1) {
      await database.raw.query(`drop table if exists ${NAMES.join(', ')}`);
      const made = await Promise.all(stores.map(({ ownTables }) => ownTables.create()));
      expect(made.flat().sort()).toEqual([...NAMES].sort());
    }
  });

  test('are made beside somebody who runs the statements by hand at the same time', async () => {
    const { ownTables } = await database.open();
    for (let round = 0; round < 5; round += 1) {
      await database.raw.query(`drop table if exists ${NAMES.join(', ')}`);
      const byHand = async () => {
        // The server does not see two of them as one wish, and this side has nobody to try it again.
        for (const statement of ownTables.ddl) await database.other.query(statement).catch(() => undefined);
      };
      await Promise.all([byHand(), ownTables.create()]);
      expect(await ownTables.state()).toMatchObject([{ exists: true }, { exists: true }, { exists: true }]);
    }
  });

  test('are those of the statements that are shown', async () => {
    const { ownTables } = await database.open();
    await ownTables.create();
    const made = await catalogue(database.raw);
    await database.raw.query(`drop table ${NAMES.join(', ')}`);
    for (let time = 0; time < 2; time += 1) {
      for (const statement of ownTables.ddl) await database.raw.query(statement);
    }
    expect(await catalogue(database.raw)).toEqual(made);
    expect(made.columns.length).toBeGreaterThan(20);
    expect(made.indexes.length).toBeGreaterThanOrEqual(4);
    expect(await ownTables.create()).toEqual([]);
  });

  test('are in another schema, under other names, and work there', async () => {
    const names = { schema: elsewhere, claims: 'sweep-Claims', history: 'order', changes: 'group' };
    const store = await database.open({ ownTables: names });
    await expect(store.ownTables.create()).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      message: expect.stringContaining('ownTables.schema'),
    });
    await database.raw.query(`create schema ${elsewhere}`);
    expect(await store.ownTables.create()).toEqual([
      `${elsewhere}.sweep-Claims`,
      `${elsewhere}.order`,
      `${elsewhere}.group`,
    ]);
    expect(await store.claims.acquire(REQUEST)).toMatchObject({ outcome: 'claimed' });
    const table = isPostgres ? `${elsewhere}."sweep-Claims"` : `${elsewhere}.\`sweep-Claims\``;
    expect(await database.raw.query(`select strategy, holder from ${table}`)).toEqual([
      { strategy: 'stuck_job_cleanup', holder: 'host-1' },
    ]);
    expect(await store.journal.read()).toEqual([]);
  });

  test('keep their names whatever the knex instance does with identifiers and results', async () => {
    const knex = createKnex({
      client: isPostgres ? 'pg' : 'mysql2',
      connection: database.url,
      wrapIdentifier: (name, wrap) => wrap(name.toUpperCase()),
      postProcessResponse: (result: unknown) =>
        Array.isArray(result) ? result.map((row: object) => ({ ...row })) : result,
    });
    const store = knexStore(knex);
    expect(await store.ownTables.create()).toEqual(NAMES);
    const answer = await store.claims.acquire(REQUEST);
    if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
    await store.transaction((trx) => store.claims.hold(trx, answer.claim));
    expect(await store.claims.release(answer.claim, { empty: true })).toBe(true);
    await database.raw.query(AN_OLD_PASS);
    expect(await store.journal.read()).toHaveLength(1);
    expect(await store.journal.prune({ maxAgeDays: 1, limit: 1 })).toBe(1);
    expect(await database.raw.query('select term, empty_passes as passes from jobsweep_claims')).toHaveLength(1);
    await knex.destroy();
  });

  test('are told to have no such column, where they are those of another version', async () => {
    const store = await database.open();
    await store.ownTables.create();
    await database.raw.query('alter table jobsweep_history drop column note');
    expect(await store.ownTables.state()).toEqual([
      { table: 'jobsweep_claims', exists: true, problem: null },
      { table: 'jobsweep_history', exists: true, problem: 'It has no column note' },
      { table: 'jobsweep_changes', exists: true, problem: null },
    ]);
    await expect(store.journal.read()).rejects.toMatchObject({ code: 'NOT_INITIALIZED' });
  });

  describe('while they are missing', () => {
    const claim = { ...REQUEST, config: 'main', term: 1, pass: 'none' };
    const uses: readonly [string, (store: CleanupStore<Knex.Transaction>) => Promise<unknown>][] = [
      ['claims.acquire', ({ claims }) => claims.acquire(REQUEST)],
      ['claims.hold', ({ claims, transaction }) => transaction((trx) => claims.hold(trx, claim))],
      ['claims.release', ({ claims }) => claims.release(claim, { empty: true })],
      ['claims.list', ({ claims }) => claims.list()],
      ['journal.read', ({ journal }) => journal.read()],
      ['journal.prune', ({ journal }) => journal.prune({ maxAgeDays: 1, limit: 1 })],
    ];

    test.each(uses)('%s is refused, and says what to do', async (_name, use) => {
      await expect(use(await database.open())).rejects.toMatchObject({
        code: 'NOT_INITIALIZED',
        message: expect.stringMatching(/jobsweep_(claims|history).*ownTables\.create\(\)/),
      });
    });
  });

  describe('for a user', () => {
    const user = `clerk_${Date.now()}`;
    const urlOf = () => Object.assign(new URL(database.url), { username: user, password: 'pw' }).href;
    const grant = (what: string) => database.raw.query(`grant ${what} to ${isPostgres ? user : `'${user}'@'%'`}`);
    const asUser = async () => {
      if (isPostgres) await database.raw.query(`create role ${user} login password 'pw'`);
      else await database.raw.query(`create user '${user}'@'%' identified by 'pw'`);
    };
    const dropUser = async () => {
      if (!isPostgres) return database.raw.query(`drop user if exists '${user}'@'%'`);
      const [role] = await database.raw.query('select 1 from pg_roles where rolname = ?', [user]);
      if (role !== undefined) await database.raw.query(`drop owned by ${user}`);
      return database.raw.query(`drop role if exists ${user}`);
    };
    beforeEach(dropUser);
    afterAll(dropUser);
    const denied = { code: 'PERMISSION_DENIED' };

    test('who may not make them are refused, and find them once another one made them', async () => {
      await asUser();
      if (!isPostgres) await grant(`create temporary tables on ${new URL(database.url).pathname.slice(1)}.*`);
      const store = await database.open({}, urlOf());
      await expect(store.ownTables.create()).rejects.toMatchObject(denied);
      await (await database.open()).ownTables.create();
      await grant('select on jobsweep_claims');
      await grant('select on jobsweep_history');
      await grant('select on jobsweep_changes');
      expect(await store.ownTables.create()).toEqual([]);
      expect(await store.claims.list()).toEqual([]);
      await expect(store.claims.acquire(REQUEST)).rejects.toMatchObject(denied);
    });

    test('who may do what the tables are for need nothing more', async () => {
      await (await database.open()).ownTables.create();
      await asUser();
      await grant('select, insert, update on jobsweep_claims');
      await grant('select, insert, delete on jobsweep_history');
      await grant('select, insert, update, delete on jobsweep_changes');
      const store = await database.open({}, urlOf());
      const answer = await store.claims.acquire(REQUEST);
      if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
      await store.transaction((trx) => store.claims.hold(trx, answer.claim));
      expect(await store.claims.release(answer.claim, { empty: false })).toBe(true);
      await database.raw.query(AN_OLD_PASS);
      expect(await store.journal.read()).toHaveLength(1);
      expect(await store.journal.prune({ maxAgeDays: 1, limit: 10 })).toBe(1);
    });
  });
});

test.each([
  { claims: '' },
  { claims: 'a b' },
  { schema: 'x".y' },
  { history: 'x'.repeat(49) },
  { history: 'jobsweep_claims' },
  { table: 'x' },
])('names that no table should have are refused when the store is made: %o', (ownTables) => {
  const knex = { client: { dialect: 'postgresql', driverName: 'pg' } } as unknown as Knex;
  expect(() => knexStore(knex, { ownTables })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('ownTables.') }),
  );
});
