import { type Claim, type CleanupStore, NO_PROGRESS, type TurnProgress } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { anEntry } from './entries.js';
import { aRequest, claimed, stateOf, TERM } from './turns.js';

const COUNTS = {
  itemsCleaned: 5_000_000_001,
  itemsFound: 5_000_000_012,
  itemsContended: 3,
  itemsPassedOver: 4,
  itemsBlocked: 2,
  batches: 2,
};
/** Longer than most, and with what texts must not trip over. */
const PLACE = JSON.stringify({ id: `${'x'.repeat(700)}\0'"\\漢`, version: { state: null } });
const SOME: TurnProgress = { ...COUNTS, place: PLACE };
const { place: _, ...NOTHING } = NO_PROGRESS;
const counts = (batches: number) => ({ ...COUNTS, batches, itemsCleaned: 10 * batches });
const reached = (batches: number): TurnProgress => ({ ...counts(batches), place: PLACE });

/** How far a turn has come: what its batches write into the claim, and what becomes of it. */
export function describeProgress<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  let opened: CleanupStore<Session> | undefined;
  /** One for all: a store knows the transactions that it began itself, and asks the server about others. */
  const store = () => {
    opened ??= cluster.store();
    return opened;
  };
  const claims = () => store().claims;
  const journal = () => store().journal;
  const asOther = ({ config, strategy }: Claim) => aRequest({ config, strategy, holder: 'two' });
  const inBatch = <Result>(work: (session: Session) => Promise<Result>) => store().transaction(work);
  const progressOf = (claim: Claim) => inBatch((session) => claims().hold(session, claim));
  /** A batch that comes so far, under a claim. */
  const advance = (claim: Claim, progress?: TurnProgress) =>
    inBatch(async (session) => {
      await claims().hold(session, claim);
      await claims().advance(session, claim, progress);
    });
  /** What the history has of a strategy. */
  const kept = ({ strategy }: Claim) => journal().read({ strategy });
  const entryOf = ({ config, strategy, holder }: Claim, entry: Partial<ReturnType<typeof anEntry>> = {}) =>
    anEntry({ config, strategy, holder, ...NOTHING, itemsUnknown: 0, ...entry });

  describe('the progress of a turn', () => {
    test('is told to its next batch, and begins at nothing in every turn', async () => {
      const claim = await claimed(claims(), aRequest());
      expect(await progressOf(claim)).toEqual(NO_PROGRESS);
      await advance(claim, SOME);
      expect(await progressOf(claim)).toEqual(SOME);
      await claims().release(claim, { empty: false });
      const next = await claimed(claims(), asOther(claim));
      expect(await progressOf(next)).toMatchObject(NOTHING);
      await cluster.own.age(TERM + 1);
      expect(await progressOf(await claimed(claims(), aRequest({ strategy: claim.strategy })))).toMatchObject(NOTHING);
    });

    test('is told to whoever asks, as long as it is held', async () => {
      const claim = await claimed(claims(), aRequest());
      expect((await stateOf(claims(), claim.strategy)).progress).toEqual(NOTHING);
      await advance(claim, SOME);
      expect((await stateOf(claims(), claim.strategy)).progress).toEqual(COUNTS);
      await claims().release(claim, { empty: false });
      expect((await stateOf(claims(), claim.strategy)).progress).toBeNull();
    });

    test('leaves its place to the next turn: that of its pass, or else of its last batch', async () => {
      const claim = await claimed(claims(), aRequest());
      expect(claim.place ?? null).toBeNull();
      await advance(claim, SOME);
      await cluster.own.age(TERM + 1);
      const second = await claimed(claims(), asOther(claim));
      expect(second.place).toBe(PLACE);
      expect((await progressOf(second)).place).toBe(PLACE);
      await claims().release(second, { empty: true });
      const third = await claimed(claims(), asOther(claim));
      expect(third.place).toBe(PLACE);
      await claims().release(third, { empty: false, place: 'its own' });
      const fourth = await claimed(claims(), asOther(claim));
      expect(fourth.place).toBe('its own');
      await claims().release(fourth, { empty: false, place: null });
      expect((await claimed(claims(), asOther(claim))).place ?? null).toBeNull();
    });

    test('stays when nothing but the term is new', async () => {
      const claim = await claimed(claims(), aRequest());
      await advance(claim, SOME);
      await advance(claim);
      expect(await progressOf(claim)).toEqual(SOME);
    });

    test('goes on after its term was over, as long as nobody took over', async () => {
      const claim = await claimed(claims(), aRequest());
      await advance(claim, SOME);
      await cluster.own.age(TERM + 1);
      const renew = () => inBatch((session) => claims().advance(session, claim));
      await renew();
      expect(await progressOf(claim)).toEqual(SOME);

      await cluster.own.age(TERM + 1);
      await claimed(claims(), asOther(claim));
      const before = await stateOf(claims(), claim.strategy);
      await renew();
      expect(await stateOf(claims(), claim.strategy)).toEqual(before);
    });

    if (cluster.capabilities.transactions) {
      test('is gone with the batch that it was written in', async () => {
        const claim = await claimed(claims(), aRequest());
        await advance(claim, reached(1));
        const failed = inBatch(async (session) => {
          await claims().hold(session, claim);
          await claims().advance(session, claim, { ...reached(2), place: 'further' });
          throw new Error('the batch went wrong');
        });
        await expect(failed).rejects.toThrow('the batch went wrong');
        expect(await progressOf(claim)).toEqual(reached(1));
      });
    }
  });

  describe('the history has what was committed', () => {
    test('in a turn that lapsed, once it is taken over, and only once', async () => {
      const lost = await claimed(claims(), aRequest({ holder: 'node-1:4711' }));
      await advance(lost, SOME);
      await cluster.own.age(TERM + 1);
      const { startedAt } = await stateOf(claims(), lost.strategy);
      const successor = await claimed(claims(), asOther(lost));
      const [entry, ...more] = await kept(lost);
      expect(Math.abs(Number(entry?.startedAt) - Number(startedAt))).toBeLessThanOrEqual(1);
      expect(entry).toMatchObject({ ...COUNTS, holder: 'node-1:4711', host: 'node-1', stopReason: 'claimLost' });
      expect(entry).toMatchObject({ status: 'done', itemsUnknown: 0, error: null, note: expect.any(String) });
      expect(more).toEqual([]);

      expect(await claims().release(lost, { empty: false, entry: entryOf(lost) })).toBe(false);
      await claims().release(successor, { empty: true });
      expect(await kept(lost)).toHaveLength(1);
    });

    test('in a turn that its own holder begins anew', async () => {
      const lost = await claimed(claims(), aRequest());
      await advance(lost, SOME);
      await claimed(claims(), aRequest({ strategy: lost.strategy }));
      expect(await kept(lost)).toMatchObject([COUNTS]);
    });

    test('and nothing of a turn in which nothing was', async () => {
      const lost = await claimed(claims(), aRequest());
      await advance(lost);
      await cluster.own.age(TERM + 1);
      const next = await claimed(claims(), asOther(lost));
      await claims().release(next, { empty: true });
      expect(await kept(lost)).toEqual([]);
    });

    test('in a pass that is told when its turn is given back', async () => {
      const claim = await claimed(claims(), aRequest());
      await advance(claim, reached(2));
      const entry = entryOf(claim, { ...counts(2), itemsFound: 90, note: 'as told' });
      expect(await claims().release(claim, { empty: false, entry })).toBe(true);
      expect(await kept(claim)).toMatchObject([entry]);
    });

    test('also where the answer to the last commit was lost: the batch is there', async () => {
      const claim = await claimed(claims(), aRequest());
      await advance(claim, reached(2));
      const entry = entryOf(claim, { ...counts(1), itemsUnknown: 10, stopReason: 'failed', status: 'failed' });
      await claims().release(claim, { empty: false, entry });
      expect(await kept(claim)).toMatchObject([{ ...counts(2), itemsUnknown: 0, status: 'failed' }]);
    });

    test('also where the answer to the last commit was lost: the batch is not there', async () => {
      const claim = await claimed(claims(), aRequest());
      await advance(claim, reached(1));
      const entry = entryOf(claim, { ...counts(1), itemsUnknown: 10 });
      await claims().release(claim, { empty: false, entry });
      expect(await kept(claim)).toMatchObject([{ ...counts(1), itemsUnknown: 0 }]);
    });
  });

  describe('configs of different names on one database', () => {
    beforeEach(async () => {
      await cluster.own.drop();
      await store().ownTables.create();
    });
    const [one, other] = ['mail', 'render'];

    test('have turns of their own', async () => {
      const { strategy } = aRequest();
      const [mail, render] = [
        await claimed(claims(), aRequest({ strategy, config: one })),
        await claimed(claims(), aRequest({ strategy, config: other, holder: 'two' })),
      ];
      expect(await claims().acquire(aRequest({ strategy, config: one, holder: 'two' }))).toMatchObject({
        ...{ outcome: 'held', holder: 'one' },
      });
      expect(await claimed(claims(), aRequest({ strategy }))).toMatchObject({ config: 'main' });
      await claims().release(mail, { empty: true, place: 'of mail' });
      await expect(progressOf(mail)).rejects.toMatchObject({ code: 'CLAIM_LOST' });
      expect(await progressOf(render)).toEqual(NO_PROGRESS);
      expect((await claims().list()).map(({ config }) => config)).toEqual(['mail', 'main', 'render']);
      expect(await claims().list({ config: one })).toMatchObject([{ config: one, strategy, emptyPasses: 1 }]);
      await claims().release(render, { empty: true });
      const again = async (config: string) => (await claimed(claims(), aRequest({ strategy, config }))).place ?? null;
      expect([await again(one), await again(other)]).toEqual(['of mail', null]);
    });

    test('have a history of their own, and its age', async () => {
      const old = { durationMs: 5 * 86_400_000 };
      for (const config of [one, other, one]) await journal().append(anEntry({ config, ...old }));
      expect(await journal().read({ config: one })).toHaveLength(2);
      expect(await journal().read({ config: other, strategy: anEntry().strategy })).toHaveLength(1);
      expect(await journal().prune({ config: one, maxAgeDays: 2, limit: 10 })).toBe(2);
      expect((await journal().read()).map(({ config }) => config)).toEqual([other]);
    });

    test.each(['', ' ', 'a/b', 'ä', 'x'.repeat(65)])('are refused the name %j', async (config) => {
      await expect(claims().acquire(aRequest({ config }))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      await expect(journal().append(anEntry({ config }))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });
  });
}
