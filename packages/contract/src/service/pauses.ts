import type { Claim, PauseRequest } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { job } from '../support/rows.js';
import { DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { aRequest, claimed, stateOf, TERM } from './turns.js';

const HOUR_SECONDS = 3600;

/** Turns that operators forbid and allow again. */
export function describePauses<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const claims = () => cluster.store().claims;
  const by = ({ strategy }: Pick<Claim, 'strategy'>): PauseRequest => ({ strategy, by: 'ada@host-1', host: 'host-1' });
  const historyOf = async ({ strategy }: Pick<Claim, 'strategy'>) =>
    (await cluster.store().journal.read({ strategy })).map(({ stopReason, holder }) => `${stopReason} ${holder}`);

  describe('a strategy that is paused', () => {
    test('has no turn, whoever asks, and says since when and by whom', async () => {
      const request = aRequest();
      const before = new Date(await cluster.now()).getTime();
      const pause = await claims().pause(by(request));
      expect(pause).toEqual({ since: expect.any(Date), until: null, by: 'ada@host-1' });
      expect(pause.since.getTime()).toBeGreaterThanOrEqual(before - 1);
      expect(await claims().acquire(request)).toMatchObject({ outcome: 'paused', pause });
      expect(await claims().acquire({ ...request, holder: 'two' })).toMatchObject({ outcome: 'paused', pause });
      expect((await stateOf(claims(), request.strategy)).pause).toEqual(pause);
    });

    test('has turns again once it is resumed, which the history tells', async () => {
      const request = aRequest();
      await claims().pause(by(request));
      expect(await claims().resume(by(request))).toBe(true);
      expect(await claims().resume(by(request))).toBe(false);
      await claimed(claims(), request);
      expect((await stateOf(claims(), request.strategy)).pause).toBe(null);
      expect(await historyOf(request)).toEqual(['resumed ada@host-1', 'paused ada@host-1']);
    });

    test('for a time has turns again when that is over', async () => {
      const request = aRequest();
      const { since, until } = await claims().pause({ ...by(request), forSeconds: HOUR_SECONDS });
      expect((until?.getTime() ?? 0) - since.getTime()).toBe(HOUR_SECONDS * 1000);
      await cluster.own.age(HOUR_SECONDS - 60);
      expect(await claims().acquire(request)).toMatchObject({ outcome: 'paused' });
      await cluster.own.age(61);
      expect((await stateOf(claims(), request.strategy).catch(() => undefined))?.pause ?? null).toBe(null);
      await claimed(claims(), request);
    });

    test('is not given to one that takes over, nor to one that had it', async () => {
      const request = aRequest();
      await claimed(claims(), request);
      await claims().pause(by(request));
      expect(await claims().acquire(request)).toMatchObject({ outcome: 'paused' });
      await cluster.own.age(TERM + 1);
      expect(await claims().acquire({ ...request, holder: 'two' })).toMatchObject({ outcome: 'paused' });
    });

    test('writes no batch of the pass that it is in', async () => {
      const claim = await claimed(claims(), aRequest());
      await claims().pause(by(claim));
      await cluster.seed({ jobs: [job(1, { startTime: cluster.ago(90 * DAY) })] });
      const { repository, transaction } = cluster.store();
      const batch = () =>
        transaction(async (session) => {
          await claims().hold(session, claim);
          await repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'too long');
        });
      const refused = () =>
        expect(batch()).rejects.toMatchObject({
          code: 'CLAIM_LOST',
          message: expect.stringContaining('ada@host-1 has paused it'),
        });
      expect(await changesOf(cluster, refused)).toEqual({});
    });

    test('can be paused for another time, and gives its turn back all the same', async () => {
      const claim = await claimed(claims(), aRequest());
      await claims().pause({ ...by(claim), forSeconds: HOUR_SECONDS });
      expect(await claims().pause(by(claim))).toMatchObject({ until: null });
      expect(await claims().release(claim, { empty: true })).toBe(true);
      expect(await stateOf(claims(), claim.strategy)).toMatchObject({ holder: null, pause: { until: null } });
    });

    test('is that of one config alone', async () => {
      const request = aRequest();
      await claims().pause({ ...by(request), config: 'other' });
      await claimed(claims(), request);
    });

    test.each([0, -5, Number.NaN, 1e12])('is not paused for %d seconds', async (forSeconds) => {
      const request = aRequest();
      await expect(claims().pause({ ...by(request), forSeconds })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      await claimed(claims(), request);
    });
  });
}
