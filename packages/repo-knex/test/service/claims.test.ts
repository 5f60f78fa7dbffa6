import type { Claim, CleanupStore } from '@jobsweep/core';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { knexStore } from '../../src/index.js';
import { useDatabase } from './support/opened.js';

const STRATEGY = 'stuck_job_cleanup';
const REQUEST = { strategy: STRATEGY, holder: 'host-1', termSeconds: 60 };

describe.each(enginesOfRun())('claims on %s', (engine) => {
  const database = useDatabase(engine);
  const isPostgres = engine === 'postgres';
  const now = isPostgres ? 'clock_timestamp()' : 'utc_timestamp(6)';
  let store: CleanupStore<Knex.Transaction>;
  beforeAll(async () => {
    store = await database.open();
    await store.ownTables.create();
  });
  beforeEach(() => database.raw.query('delete from jobsweep_claims'));
  afterEach(() => database.raw.query('rollback'));

  const claimed = async (request = REQUEST): Promise<Claim> => {
    const answer = await store.claims.acquire(request);
    if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
    return answer.claim;
  };
  const lockRow = async () => {
    await database.raw.query(isPostgres ? 'begin' : 'start transaction');
    await database.raw.query('select 1 from jobsweep_claims where strategy = ? for update', [STRATEGY]);
  };
  /** Whether somebody waits for a row of the claims table. */
  const isWaitedFor = async () => {
    if (engine !== 'mariadb') {
      const waits = isPostgres
        ? "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        : "select 1 from performance_schema.data_locks where lock_status = 'WAITING' and object_schema = database()";
      return (await database.other.query(waits)).length > 0;
    }
    // Its tables of locks stay as they are for as long as somebody keeps asking.
    const [row] = await database.other.query('show engine innodb status');
    const [, ...transactions] = String(row?.Status).split('---TRANSACTION');
    const name = new URL(database.url).pathname.slice(1);
    return transactions.some((text) => text.includes('LOCK WAIT') && text.includes(`\`${name}\`.\`jobsweep_claims\``));
  };

  test.each([
    ['a holder with spaces around it', { holder: ' host-1' }],
    ['a holder that is too long', { holder: 'x'.repeat(256) }],
    ['a strategy that is too long', { strategy: 'x'.repeat(192) }],
    ['a holder with half a character', { holder: 'x\uD83D' }],
    ['a strategy with a NUL', { strategy: 'x\0' }],
    ['a holder that is no text', { holder: 7 as unknown as string }],
  ])('are refused to %s, and nothing is written', async (_what, part) => {
    await expect(store.claims.acquire({ ...REQUEST, ...part })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(await database.raw.query('select 1 from jobsweep_claims')).toEqual([]);
  });

  test('are given to one of many who ask for a turn that there never was', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => database.open()));
    for (let round = 0; round < 10; round += 1) {
      const ask = ({ claims }: typeof store, index: number) => claims.acquire({ ...REQUEST, holder: `host-${index}` });
      const answers = await Promise.all(stores.map(ask));
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['claimed', 'held', 'held', 'held', 'held']);
      await database.raw.query('delete from jobsweep_claims');
    }
  });

  test('are held by another one, as far as who asks can tell, while somebody adds the first turn', async () => {
    await database.raw.query(isPostgres ? 'begin' : 'start transaction');
    const counts =
      'term, empty_passes, batches, items_cleaned, items_found, items_contended, items_passed_over, items_blocked, tripped_rows, approved_rows';
    await database.raw.query(
      `insert into jobsweep_claims (id, config, strategy, ${counts}) values (?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
      [`main/${STRATEGY}`, 'main', STRATEGY],
    );
    expect(await store.claims.acquire(REQUEST)).toMatchObject({ outcome: 'held', freeInSeconds: 0 });
    await database.raw.query('rollback');
    expect(await store.claims.acquire(REQUEST)).toMatchObject({ outcome: 'claimed', lapsed: null });
  });

  test('are not taken from whoever has the row locked, although they lapsed', async () => {
    await claimed();
    await database.raw.query(`update jobsweep_claims set expires_at = ${now}`);
    await lockRow();
    const asOther = { ...REQUEST, holder: 'host-2' };
    expect(await store.claims.acquire(asOther)).toMatchObject({ outcome: 'held', holder: 'host-1', freeInSeconds: 0 });
    await database.raw.query('rollback');
    expect(await store.claims.acquire(asOther)).toMatchObject({ outcome: 'claimed', lapsed: 'host-1' });
  });

  test('wait for somebody who looks at the row for a moment, and are held then', async () => {
    const claim = await claimed();
    await lockRow();
    const held = store.transaction((trx) => store.claims.hold(trx, claim).then(() => 'held'));
    await vi.waitFor(async () => expect(await isWaitedFor()).toBe(true), { timeout: 4000, interval: 5 });
    await database.raw.query('commit');
    expect(await held).toBe('held');
  });

  test('are lost when they lapse while the row is waited for', async () => {
    const claim = await claimed();
    await lockRow();
    const held = store.transaction((trx) => store.claims.hold(trx, claim));
    const outcome = held.then(
      () => 'held',
      (error: { code?: string }) => error.code,
    );
    await vi.waitFor(async () => expect(await isWaitedFor()).toBe(true), { timeout: 4000, interval: 5 });
    await database.raw.query(`update jobsweep_claims set expires_at = ${now}`);
    await database.raw.query('commit');
    expect(await outcome).toBe('CLAIM_LOST');
  });

  test('say who has the turn now, or that nobody has', async () => {
    const claim = await claimed();
    await store.claims.release(claim, { empty: true });
    const hold = () => store.transaction((trx) => store.claims.hold(trx, claim));
    await expect(hold()).rejects.toThrow(/released/);
    await claimed({ ...REQUEST, holder: 'host-2' });
    await expect(hold()).rejects.toThrow(/host-1 has lost term 1 .*host-2 has begun term 2/);
  });

  test('cost one statement to take and one to give back, and on MySQL and MariaDB one more to lock', async () => {
    const knex = createKnex({ client: isPostgres ? 'pg' : 'mysql2', connection: database.url });
    const { claims, transaction } = knexStore(knex);
    const turn = async (inTurn?: (claim: Claim) => Promise<unknown>) => {
      const answer = await claims.acquire(REQUEST);
      if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
      await inTurn?.(answer.claim);
      expect(await claims.release(answer.claim, { empty: true })).toBe(true);
    };
    const ofClaims: string[] = [];
    await turn();
    knex.on('query', ({ sql }: { sql: string }) => void (sql.includes('jobsweep_claims') && ofClaims.push(sql)));
    await turn();
    expect(ofClaims).toHaveLength(isPostgres ? 2 : 3);
    ofClaims.length = 0;
    await turn((claim) =>
      transaction(async (trx) => {
        await claims.hold(trx, claim);
        await claims.advance(trx, claim);
      }),
    );
    expect(ofClaims).toHaveLength(isPostgres ? 4 : 5);
    await knex.destroy();
  });

  test("are held in the caller's own transaction, and let go with its rollback", async () => {
    const claim = await claimed();
    const client = isPostgres ? 'pg' : 'mysql2';
    const knex = createKnex({ client, connection: database.url });
    const own = knexStore(knex);
    const trx = await knex.transaction({ isolationLevel: 'read committed' });
    await own.claims.hold(trx, claim);
    expect(await store.claims.acquire({ ...REQUEST, holder: 'host-2' })).toMatchObject({ outcome: 'held' });
    await trx.rollback();
    const strict = knex.transaction((each) => own.claims.hold(each, claim), { isolationLevel: 'repeatable read' });
    await expect(strict).rejects.toMatchObject({ code: 'ISOLATION_UNSUPPORTED' });
    await knex.destroy();
  });

  test("go by the database's clock, also in a store that was given another one", async () => {
    const early = await database.open({ clock: { now: () => new Date('2000-01-01T00:00:00Z') } });
    const late = await database.open({ clock: { now: () => new Date('2100-01-01T00:00:00Z') } });
    const answer = await early.claims.acquire(REQUEST);
    expect(await late.claims.acquire({ ...REQUEST, holder: 'host-2' })).toMatchObject({ outcome: 'held' });
    expect(Math.abs(answer.now.getTime() - Date.now())).toBeLessThan(3_600_000);
  });
});
