import { type CleanupStore, runPass, StuckJobCleanupStrategy } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { changesOf } from '../support/changes.js';
import { job, upTo } from '../support/rows.js';
import { DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { aRequest, claimed, stateOf, TERM } from './turns.js';

const INTERVAL = 300;
const FIVE_MINUTES = 5 * 60 * 1000;

/** What runners make of claims: the passes of a strategy, one at a time and one an interval. */
export function describeRunners<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const claims = () => cluster.store().claims;
  const strategyOf = ({ repository }: CleanupStore<Session>) => new StuckJobCleanupStrategy(repository);
  const seedStuck = (jobs: number) =>
    cluster.seed({ jobs: upTo(jobs).map((id) => job(id, { startTime: cluster.ago(90 * DAY) })) });

  /** One try of a runner: a pass when it is its turn. */
  const runner = async (strategy: string, holder: string): Promise<number | undefined> => {
    const store = cluster.store();
    const request = aRequest({ strategy, holder, notWithinSeconds: INTERVAL });
    const answer = await store.claims.acquire(request);
    if (answer.outcome !== 'claimed') return undefined;
    const pass = await runPass(store, strategyOf(store), { claim: answer.claim, batchRows: 2 });
    expect(pass).toMatchObject({ stopReason: 'drained' });
    expect(await store.claims.release(answer.claim, { empty: pass.status === 'skipped' })).toBe(true);
    return pass.itemsCleaned;
  };

  describe('two runners', () => {
    test('make one pass per interval', async () => {
      const { strategy } = aRequest();
      const both = () => Promise.all(['one', 'two'].map((holder) => runner(strategy, holder)));
      await seedStuck(5);
      const first = await both();
      const passes = (of: readonly (number | undefined)[]) => of.filter((cleaned) => cleaned !== undefined);
      expect(passes(first)).toEqual([5]);
      expect(passes(await both())).toEqual([]);
      await cluster.own.age(INTERVAL);
      expect(passes(await both())).toEqual([0]);
      expect(await stateOf(claims(), strategy)).toMatchObject({ emptyPasses: 1 });
    });
  });

  describe('a pass under a claim', () => {
    test('stops at the first batch after its claim was lost, and writes nothing more', async () => {
      await seedStuck(4);
      const store = cluster.store();
      const claim = await claimed(claims(), aRequest());
      const lose = async () => {
        await cluster.own.age(TERM + 1);
        await claimed(claims(), aRequest({ strategy: claim.strategy, holder: 'two' }));
      };
      const onRepaired = vi.fn(lose);
      const pass = () => runPass(store, strategyOf(store), { claim, batchRows: 2, onRepaired });
      const changes = await changesOf(cluster, async () => {
        expect(await pass()).toMatchObject({ status: 'done', stopReason: 'claimLost', itemsCleaned: 2, batches: 1 });
      });
      expect(Object.keys(changes)).toEqual(['jobs/1', 'jobs/2']);
    });

    test('holds it in every transaction but those that only read', async () => {
      await seedStuck(3);
      const store = cluster.store();
      const claim = await claimed(claims(), aRequest());
      const held = vi.fn();
      const hold: typeof store.claims.hold = async (session, of) => {
        held();
        return store.claims.hold(session, of);
      };
      const watched = { transaction: store.transaction, claims: { ...store.claims, hold } };
      const pass = await runPass(watched, strategyOf(store), { claim, batchRows: 2 });
      expect(pass).toMatchObject({ itemsCleaned: 3, batches: 2 });
      expect(held.mock.calls.length).toBeGreaterThanOrEqual(2);
    });
  });

  describe.each([
    ['ahead', FIVE_MINUTES],
    ['behind', -FIVE_MINUTES],
  ])('a process whose clock is five minutes %s', (_how, shiftMs) => {
    const shifted = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + shiftMs });
      return work().finally(() => vi.useRealTimers());
    };

    test('neither takes what another one holds, nor waits for what has lapsed', async () => {
      const claim = await claimed(claims(), aRequest({ termSeconds: 120 }));
      const asOther = aRequest({ strategy: claim.strategy, holder: 'two' });
      expect(await shifted(() => claims().acquire(asOther))).toMatchObject({ outcome: 'held' });
      await cluster.own.age(121);
      expect(await shifted(() => claims().acquire(asOther))).toMatchObject({ outcome: 'claimed', lapsed: 'one' });
    });

    test('keeps the interval of others', async () => {
      const claim = await claimed(claims(), aRequest());
      await claims().release(claim, { empty: true });
      const request = aRequest({ strategy: claim.strategy, holder: 'two', notWithinSeconds: 120 });
      expect(await shifted(() => claims().acquire(request))).toMatchObject({ outcome: 'notDue' });
      await cluster.own.age(120);
      expect(await shifted(() => claims().acquire(request))).toMatchObject({ outcome: 'claimed' });
    });

    test('writes the server’s times into its claims, and holds them for their term', async () => {
      const from = new Date(await cluster.now()).getTime();
      const claim = await shifted(() => claimed(claims(), aRequest()));
      const advance = (session: Session) =>
        claims()
          .hold(session, claim)
          .then(() => claims().advance(session, claim));
      await shifted(() => cluster.store().transaction(advance));
      const { expiresAt } = await stateOf(claims(), claim.strategy);
      await shifted(() => claims().release(claim, { empty: true }));
      const { startedAt, endedAt } = await stateOf(claims(), claim.strategy);
      const to = new Date(await cluster.now()).getTime();
      const expiryMs = (expiresAt?.getTime() ?? 0) - TERM * 1000;
      for (const time of [startedAt?.getTime(), endedAt?.getTime(), expiryMs]) {
        expect(time).toBeGreaterThanOrEqual(from - 1);
        expect(time).toBeLessThanOrEqual(to + 1);
      }
    });
  });
}
