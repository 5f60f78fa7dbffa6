import type { Claim, OperatorRequest } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { aRequest, claimed, stateOf } from './turns.js';

const DAY_MS = 86_400_000;

/** What operators approve after a breaker stopped a pass. */
export function describeApprovals<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const claims = () => cluster.store().claims;
  const by = (claim: Pick<Claim, 'strategy'>): OperatorRequest => ({
    strategy: claim.strategy,
    by: 'ada@host-1',
    host: 'host-1',
  });
  /** A strategy whose last pass was stopped with so many rows due, or not at all. */
  const stopped = async (trippedRows?: number) => {
    const request = aRequest();
    const claim = await claimed(claims(), request);
    await claims().release(claim, { empty: false, trippedRows });
    return { request, claim };
  };
  const standing = async ({ strategy }: Pick<Claim, 'strategy'>) => (await stateOf(claims(), strategy)).approval;
  const historyOf = ({ strategy }: Pick<Claim, 'strategy'>) => cluster.store().journal.read({ strategy });

  describe('a pass that was stopped', () => {
    test('is approved for as many rows as were due, for a day, which the history tells', async () => {
      const { claim } = await stopped(21);
      const before = new Date(await cluster.now()).getTime();
      const approval = await claims().approve(by(claim));
      const after = new Date(await cluster.now()).getTime();
      expect(approval?.rows).toBe(21);
      expect(await standing(claim)).toEqual(approval);
      expect(approval?.until.getTime()).toBeGreaterThanOrEqual(before + DAY_MS - 1);
      expect(approval?.until.getTime()).toBeLessThanOrEqual(after + DAY_MS + 1);
      expect(await historyOf(claim)).toMatchObject([
        {
          stopReason: 'approved',
          itemsFound: 21,
          itemsCleaned: 0,
          holder: 'ada@host-1',
          host: 'host-1',
          config: 'main',
        },
      ]);
    });

    test('is approved once, for the pass that uses it up', async () => {
      const { request, claim } = await stopped(21);
      await claims().approve(by(claim));
      const next = await claimed(claims(), request);
      expect(await claims().useApproval(next)).toBe(21);
      expect(await claims().useApproval(next)).toBe(0);
      expect(await standing(claim)).toBe(null);
      await claims().release(next, { empty: false });
      expect(await claims().approve(by(claim))).toBe(undefined);
    });

    test('is approved by one of many who do so at once, and the others are told the same', async () => {
      const { claim } = await stopped(21);
      const all = await Promise.all([1, 2, 3].map(() => claims().approve(by(claim))));
      expect(all.map((approval) => approval?.rows)).toEqual([21, 21, 21]);
      expect(await historyOf(claim)).toHaveLength(1);
    });

    test('stays stopped through a turn that was cut short', async () => {
      const { request, claim } = await stopped(21);
      await claims().release(await claimed(claims(), request), { empty: false, unfinished: true });
      expect((await claims().approve(by(claim)))?.rows).toBe(21);
    });
  });

  describe('an approval', () => {
    test('is refused where nothing was stopped, or a pass has gone through since', async () => {
      const { request, claim } = await stopped(21);
      await claims().release(await claimed(claims(), request), { empty: true });
      const { claim: other } = await stopped();
      for (const { strategy } of [claim, other, aRequest()]) {
        expect(await claims().approve(by({ strategy }))).toBe(undefined);
        expect(await historyOf({ strategy })).toEqual([]);
      }
    });

    test('is not used by a claim that was lost', async () => {
      const { request, claim } = await stopped(21);
      await claims().approve(by(claim));
      await expect(claims().useApproval(claim)).rejects.toMatchObject({ code: 'CLAIM_LOST' });
      expect(await claims().useApproval(await claimed(claims(), request))).toBe(21);
    });

    test('of another config is another one', async () => {
      const { claim } = await stopped(21);
      expect(await claims().approve({ ...by(claim), config: 'other' })).toBe(undefined);
    });
  });
}
