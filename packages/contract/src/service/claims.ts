import type { Claim } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { upTo } from '../support/rows.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { aRequest, claimed, stateOf, TERM } from './turns.js';

/** Who gets a turn, and when it is over. */
export function describeClaims<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const claims = () => cluster.store().claims;
  const asOther = (claim: Claim) => ({ ...aRequest(), strategy: claim.strategy, holder: 'two' });

  describe('a turn', () => {
    test('is given to whoever asks first, and to nobody else until it is given back', async () => {
      const request = aRequest();
      const answer = await claims().acquire(request);
      if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
      const { claim, lapsed } = answer;
      expect(lapsed).toBe(null);
      expect(claim).toMatchObject(request);

      const refused = await claims().acquire(asOther(claim));
      expect(refused).toMatchObject({ outcome: 'held', holder: 'one' });
      const { freeInSeconds = 0 } = refused as { freeInSeconds?: number };
      expect(freeInSeconds).toBeGreaterThan(TERM - 60);
      expect(freeInSeconds).toBeLessThanOrEqual(TERM);

      expect(await claims().release(claim, { empty: false })).toBe(true);
      expect(await claims().acquire(asOther(claim))).toMatchObject({ outcome: 'claimed', lapsed: null });
    });

    test('of one strategy leaves those of others free', async () => {
      const claim = await claimed(claims(), aRequest());
      await claimed(claims(), aRequest());
      expect(await claims().acquire({ ...asOther(claim), strategy: claim.strategy.toUpperCase() })).toMatchObject({
        outcome: 'claimed',
      });
    });

    test('is given to exactly one of many who ask at once', async () => {
      const { strategy } = aRequest();
      const ask = (number: number) => claims().acquire(aRequest({ strategy, holder: `holder ${number}` }));
      const answers = await Promise.all(upTo(12).map(ask));
      expect(answers.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
      expect(answers.filter(({ outcome }) => outcome === 'held')).toHaveLength(11);
    });

    test('is given to exactly one of many who ask for a lapsed one at once', async () => {
      const { strategy } = await claimed(claims(), aRequest());
      await cluster.own.age(TERM + 1);
      const ask = (number: number) => claims().acquire(aRequest({ strategy, holder: `holder ${number}` }));
      const answers = await Promise.all(upTo(12).map(ask));
      expect(answers.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    });

    test('has a higher term than every turn before it', async () => {
      const request = aRequest();
      const terms: number[] = [];
      for (const holder of ['one', 'two', 'one']) {
        const claim = await claimed(claims(), { ...request, holder });
        terms.push(claim.term);
        await claims().release(claim, { empty: true });
      }
      expect(terms).toEqual([...new Set(terms)].sort((one, other) => one - other));
    });

    test('is not due within seconds of when the one before began, whoever had that', async () => {
      const claim = await claimed(claims(), aRequest());
      await cluster.own.age(100);
      await claims().release(claim, { empty: false });
      const refused = await claims().acquire({ ...asOther(claim), notWithinSeconds: 300 });
      expect(refused.outcome).toBe('notDue');
      const { dueInSeconds = 0 } = refused as { dueInSeconds?: number };
      expect(dueInSeconds).toBeGreaterThan(140);
      expect(dueInSeconds).toBeLessThanOrEqual(200);

      await cluster.own.age(200);
      await claimed(claims(), { ...asOther(claim), notWithinSeconds: 300 });
    });

    test('that was given back is due at once for whoever sets no interval', async () => {
      const claim = await claimed(claims(), aRequest());
      await claims().release(claim, { empty: false });
      await claimed(claims(), asOther(claim));
    });

    test('that was given back unfinished is due at once, whatever the interval, and the one after it is not', async () => {
      const claim = await claimed(claims(), aRequest());
      expect(await claims().release(claim, { empty: false, unfinished: true })).toBe(true);
      expect(await stateOf(claims(), claim.strategy)).toMatchObject({
        ...{ holder: null, term: claim.term, startedAt: null, endedAt: expect.any(Date), isLapsed: false },
      });

      const next = await claimed(claims(), { ...asOther(claim), notWithinSeconds: 86_400 });
      expect(next.term).toBeGreaterThan(claim.term);
      expect((await stateOf(claims(), claim.strategy)).startedAt).toBeInstanceOf(Date);
      await claims().release(next, { empty: false, unfinished: false });
      expect(await claims().acquire({ ...asOther(claim), notWithinSeconds: 86_400 })).toMatchObject({
        outcome: 'notDue',
      });
    });

    test('that its holder asks for again begins anew, whatever the interval, and the older one is lost', async () => {
      const older = await claimed(claims(), aRequest());
      const { strategy, holder } = older;
      const newer = await claimed(claims(), aRequest({ strategy, holder, notWithinSeconds: 86_400 }));
      expect(newer.term).toBeGreaterThan(older.term);
      expect(await claims().release(older, { empty: false })).toBe(false);
      expect(await stateOf(claims(), strategy)).toMatchObject({ holder, term: newer.term });
    });

    test('that was lost cannot be given back unfinished: the one that has it keeps its time', async () => {
      const lost = await claimed(claims(), aRequest());
      await cluster.own.age(TERM + 1);
      const claim = await claimed(claims(), asOther(lost));
      const before = await stateOf(claims(), claim.strategy);
      expect(await claims().release(lost, { empty: false, unfinished: true })).toBe(false);
      expect(await stateOf(claims(), claim.strategy)).toEqual(before);
    });

    test('lapses when its term is over, and not before', async () => {
      const claim = await claimed(claims(), aRequest());
      await cluster.own.age(TERM - 60);
      expect(await claims().acquire(asOther(claim))).toMatchObject({ outcome: 'held', holder: 'one' });
      expect(await stateOf(claims(), claim.strategy)).toMatchObject({ holder: 'one', isLapsed: false });
      await cluster.own.age(60);
      expect(await stateOf(claims(), claim.strategy)).toMatchObject({ holder: 'one', isLapsed: true, endedAt: null });
    });

    test('that lapsed is taken over at once, whatever the interval, and names who had it', async () => {
      const claim = await claimed(claims(), aRequest());
      await cluster.own.age(TERM + 1);
      const answer = await claims().acquire({ ...asOther(claim), notWithinSeconds: 86_400 });
      expect(answer).toMatchObject({ outcome: 'claimed', lapsed: 'one', claim: { holder: 'two' } });
    });

    test('is not given back by a claim that was lost, nor twice', async () => {
      const lost = await claimed(claims(), aRequest());
      await cluster.own.age(TERM + 1);
      const claim = await claimed(claims(), asOther(lost));
      const before = await stateOf(claims(), claim.strategy);
      expect(await claims().release(lost, { empty: true })).toBe(false);
      expect(await claims().release({ ...claim, term: claim.term + 1 }, { empty: true })).toBe(false);
      expect(await claims().release({ ...claim, holder: 'one' }, { empty: true })).toBe(false);
      expect(await stateOf(claims(), claim.strategy)).toEqual(before);

      expect(await claims().release(claim, { empty: false })).toBe(true);
      expect(await claims().release(claim, { empty: false })).toBe(false);
    });

    test('counts as empty when it says so, until one did something', async () => {
      const request = aRequest();
      const counts: number[] = [];
      for (const empty of [true, true, false, true]) {
        await claims().release(await claimed(claims(), request), { empty });
        counts.push((await stateOf(claims(), request.strategy)).emptyPasses);
      }
      expect(counts).toEqual([1, 2, 0, 1]);
    });

    test('is told of with its times, by the server’s clock', async () => {
      const millis = async () => new Date(await cluster.now()).getTime();
      const began = await millis();
      const claim = await claimed(claims(), aRequest());
      const held = await stateOf(claims(), claim.strategy);
      expect(held).toMatchObject({ holder: 'one', term: claim.term, endedAt: null, isLapsed: false, emptyPasses: 0 });
      await claims().release(claim, { empty: true });
      const released = await stateOf(claims(), claim.strategy);
      expect(released).toMatchObject({ holder: null, startedAt: held.startedAt, expiresAt: null, isLapsed: false });
      const ended = await millis();

      for (const time of [held.startedAt, released.endedAt]) {
        expect(time?.getTime()).toBeGreaterThanOrEqual(began - 1);
        expect(time?.getTime()).toBeLessThanOrEqual(ended + 1);
      }
      const termMs = (held.expiresAt?.getTime() ?? 0) - (held.startedAt?.getTime() ?? 0);
      expect(Math.abs(termMs - TERM * 1000)).toBeLessThanOrEqual(1);
    });

    test('is listed by the name of its strategy', async () => {
      for (const strategy of ['c', 'a', 'b']) await claimed(claims(), aRequest({ strategy: `listed ${strategy}` }));
      const names = (await claims().list()).map(({ strategy }) => strategy).filter((name) => name.startsWith('listed'));
      expect(names).toEqual(['listed a', 'listed b', 'listed c']);
    });

    test.each([
      ['termSeconds', 0],
      ['termSeconds', 3601],
      ['termSeconds', Number.NaN],
      ['notWithinSeconds', -1],
      ['notWithinSeconds', Number.NaN],
      ['holder', ''],
      ['strategy', ''],
    ])('is refused for the %s %j', async (field, value) => {
      const request = aRequest({ [field]: value });
      await expect(claims().acquire(request)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      expect((await claims().list()).filter(({ strategy }) => strategy === request.strategy)).toEqual([]);
    });

    test('is not asked for once a signal has fired', async () => {
      const request = aRequest();
      const signal = AbortSignal.abort();
      await expect(claims().acquire({ ...request, signal })).rejects.toMatchObject({ code: 'ABORTED' });
      await expect(claims().list({ signal })).rejects.toMatchObject({ code: 'ABORTED' });
      expect((await claims().list()).filter(({ strategy }) => strategy === request.strategy)).toEqual([]);
    });
  });
}
