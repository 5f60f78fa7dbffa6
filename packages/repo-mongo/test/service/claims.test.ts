import type { Claim, ClaimAnswer } from '@jobsweep/core';
import type { ClientSession, Connection } from 'mongoose';
import { beforeEach, describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../../src/index.js';
import { connectionTo, RELEASES } from '../support/connection.js';
import { has, OLD, useDatabase } from '../support/database.js';

const STRATEGY = 'stuck_job_cleanup';

const claimOf = (answer: ClaimAnswer): Claim => {
  if (answer.outcome !== 'claimed') throw new Error(`The turn was not given: ${JSON.stringify(answer)}`);
  return answer.claim;
};

/** A promise, and what fulfils it. */
const signal = () => {
  let fire = () => {};
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { fire, fired };
};

describe.runIf(has('mongodb')).each(RELEASES)('claims, on the %s mongoose,', (release) => {
  const database = useDatabase('mongodb', release);
  const store = (options: MongoStoreOptions = {}, connection: Connection = database.connection) =>
    mongoStore(connection, options);
  const claims = () => database.connection.getClient().db(database.connection.name).collection('jobsweep_claims');
  const request = { strategy: STRATEGY, holder: 'one', termSeconds: 60 };
  /** As if so many seconds had gone by. */
  const age = (seconds: number) =>
    claims().updateMany({}, [
      {
        $set: Object.fromEntries(
          ['started_at', 'ended_at', 'expires_at'].map((field) => [
            field,
            { $cond: [{ $eq: [`$${field}`, null] }, null, { $subtract: [`$${field}`, seconds * 1000] }] },
          ]),
        ),
      },
    ]);

  beforeEach(async () => {
    await store().ownTables.create();
    await claims().deleteMany({});
    await database.jobs.insertOne({ _id: 1 as never, name: 'one', state: 'RUNNING', startTime: OLD });
  });

  test('an answer is no more than one transaction, and one that is refused changes nothing', async () => {
    const { claims: port } = store();
    await port.acquire(request);
    const before = await claims().find().toArray();
    expect(await port.acquire({ ...request, holder: 'two' })).toMatchObject({ outcome: 'held', holder: 'one' });
    expect(await claims().find().toArray()).toEqual(before);
  });

  test('a claim whose batch is open is held at once, and nothing waits', async () => {
    const { claims: port, transaction } = store();
    const claim = claimOf(await port.acquire(request));
    await transaction(async (session) => {
      await port.hold(session, claim);
      expect(await port.acquire({ ...request, holder: 'two' })).toMatchObject({ outcome: 'held', holder: 'one' });
    });
    expect(await port.list()).toMatchObject([{ strategy: STRATEGY, holder: 'one', isLapsed: false }]);
  });

  test('a lapsed claim whose batch was begun in time is held while that is open', async () => {
    const { claims: port, transaction } = store();
    const claim = claimOf(await port.acquire({ ...request, termSeconds: 3600 }));
    await age(3599.5);
    await transaction(async (session) => {
      await port.hold(session, claim);
      await expect.poll(async () => (await port.list())[0]?.isLapsed).toBe(true);
      const answer = await port.acquire({ ...request, holder: 'two' });
      expect(answer).toMatchObject({ outcome: 'held', holder: 'one', freeInSeconds: 0 });
      await port.advance(session, claim);
    });
    expect(await port.list()).toMatchObject([{ isLapsed: false }]);
  });

  test('the batch that a holder left open a term after it lapsed is ended by whoever asks, and comes to nothing', async () => {
    const { claims: port, transaction, repository } = store({ maxAttempts: 1 });
    const other = store({}, await connectionTo(database.url, release));
    const claim = claimOf(await port.acquire({ ...request, termSeconds: 1 }));
    const [begun, awake] = [signal(), signal()];
    const batch = transaction(async (session: ClientSession) => {
      await port.hold(session, claim);
      const stuck = await repository.getStuckJobs(session, 48);
      await repository.markJobsAsFailed(session, stuck, 'Stuck');
      begun.fire();
      await awake.fired;
    });
    await begun.fired;
    const next = await expect
      .poll(() => other.claims.acquire({ ...request, holder: 'two' }), { timeout: 20_000, interval: 100 })
      .toMatchObject({ outcome: 'claimed', lapsed: 'one' })
      .then(() => other.claims.list());
    awake.fire();
    await expect(batch).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(next).toMatchObject([{ holder: 'two', term: 2, isLapsed: false }]);
    expect(await database.jobs.findOne({})).toMatchObject({ state: 'RUNNING' });
    const again = transaction((session) => port.hold(session, claim));
    await expect(again).rejects.toMatchObject({ code: 'CLAIM_LOST' });
  });

  test('a batch in a session that the claim does not name tells its name first', async () => {
    const one = store();
    const claim = claimOf(await one.claims.acquire(request));
    const named = async () => (await claims().findOne<{ session: string }>({}))?.session;
    const before = await named();
    // The one that the claim names is taken by somebody else.
    const busy = await database.connection.startSession();
    expect(busy.id?.id.toString('hex')).toBe(before);
    await one.transaction(async (session) => {
      await one.claims.hold(session, claim);
      expect(await named()).toBe(session.id?.id.toString('hex'));
      expect(await named()).not.toBe(before);
    });
    await busy.endSession();
  });

  test('a transaction that was idle for longer than its claim allows is not committed, and its claim is lost', async () => {
    const { claims: port, transaction } = store();
    const claim = claimOf(await port.acquire({ ...request, termSeconds: 1 }));
    let attempts = 0;
    const work = async (session: ClientSession) => {
      await port.hold(session, claim);
      attempts += 1;
      await database.connection.collection('jobs').updateMany({}, { $set: { name: 'changed' } }, { session });
      // Stands still, as a process that was stopped does.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200);
    };
    const batch = transaction(work, { idleTimeoutSeconds: 1 });
    await expect(batch).rejects.toMatchObject({ code: 'CLAIM_LOST' });
    expect(attempts).toBe(1);
    expect(await database.jobs.findOne({})).toMatchObject({ name: 'one' });
  });

  test('names that look like fields and operators are names', async () => {
    const { claims: port, transaction } = store();
    const odd = { strategy: '$where', holder: '$$ROOT.a', termSeconds: 60 };
    const claim = claimOf(await port.acquire(odd));
    await transaction((session) => port.hold(session, claim));
    expect(await port.list()).toMatchObject([{ strategy: '$where', holder: '$$ROOT.a', term: 1 }]);
    expect(await port.release(claim, { empty: true })).toBe(true);
  });

  test('a turn that many ask for at once is given to one of them', async () => {
    const connections = await Promise.all([1, 2, 3, 4].map(() => connectionTo(database.url, release)));
    for (let round = 1; round <= 5; round += 1) {
      const answers = await Promise.all(
        connections.map((connection, index) =>
          store({}, connection).claims.acquire({ ...request, holder: `runner-${index}`, notWithinSeconds: 60 }),
        ),
      );
      const given = answers.flatMap((answer) => (answer.outcome === 'claimed' ? [answer.claim] : []));
      expect(given).toMatchObject([{ term: round }]);
      await age(120);
    }
    await Promise.all(connections.map((connection) => connection.close()));
  });

  test('nothing is asked of a session that is in no transaction', async () => {
    const { claims: port } = store();
    const claim = claimOf(await port.acquire(request));
    const session = await database.connection.startSession();
    await expect(port.hold(session, claim)).rejects.toMatchObject({ code: 'SESSION_NOT_IN_TRANSACTION' });
    await session.endSession();
  });
});

describe.runIf(has('mongodb-standalone'))('claims without transactions', () => {
  const database = useDatabase('mongodb-standalone');

  test('are given once, are checked before a batch, and are lost when they lapse', async () => {
    const { claims, ownTables, transaction } = mongoStore(database.connection, { allowNonAtomic: true });
    await ownTables.create();
    const asked = await Promise.all(
      ['one', 'two', 'three'].map((holder) => claims.acquire({ strategy: STRATEGY, holder, termSeconds: 60 })),
    );
    const [claim, ...more] = asked.flatMap((answer) => (answer.outcome === 'claimed' ? [answer.claim] : []));
    expect(more).toEqual([]);
    if (claim === undefined) throw new Error('Nobody has the turn');
    await transaction((session) => claims.hold(session, claim));
    const collection = database.connection.getClient().db(database.connection.name).collection('jobsweep_claims');
    await collection.updateMany({}, { $set: { expires_at: OLD } });
    const late = transaction((session) => claims.hold(session, claim));
    await expect(late).rejects.toMatchObject({ code: 'CLAIM_LOST' });
    expect(await claims.acquire({ strategy: STRATEGY, holder: 'four', termSeconds: 60 })).toMatchObject({
      outcome: 'claimed',
      lapsed: claim.holder,
    });
    expect(await claims.release(claim, { empty: false })).toBe(false);
  });
});
