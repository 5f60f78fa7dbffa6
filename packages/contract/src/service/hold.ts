import { setTimeout as pause } from 'node:timers/promises';
import { type Claim, isJobsweepError } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { job } from '../support/rows.js';
import { DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { aRequest, claimed, stateOf, TERM, takeOver } from './turns.js';

/** Enough for a statement that nobody holds up. A shorter one could only let a fault through. */
const GONE_BY_MS = 100;

/** What a batch does first: it holds its claim until it commits. */
export function describeHold<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const claims = () => cluster.store().claims;
  const { transactions, endsIdle, skipsLocked } = cluster.capabilities;
  const asOther = ({ strategy }: Claim) => aRequest({ strategy, holder: 'two' });
  const seedStuck = () => cluster.seed({ jobs: [job(1, { startTime: cluster.ago(90 * DAY) })] });

  /** Holds the claim and then fails a stuck job, in one transaction, as a batch of a pass does. */
  const batchUnder = (claim: Claim) => {
    const { repository, transaction } = cluster.store();
    return transaction(async (session) => {
      await claims().hold(session, claim);
      const jobs = await repository.getStuckJobs(session, 48, { limit: 10 });
      const failed = await repository.markJobsAsFailed(session, jobs, 'too long');
      await claims().advance(session, claim);
      return failed.length;
    });
  };

  /** The batch is refused before it writes anything. */
  const expectLost = async (claim: Claim) => {
    await seedStuck();
    const before = await stateOf(claims(), claim.strategy).catch(() => undefined);
    const refused = () => expect(batchUnder(claim)).rejects.toMatchObject({ code: 'CLAIM_LOST' });
    expect(await changesOf(cluster, refused)).toEqual({});
    expect(await stateOf(claims(), claim.strategy).catch(() => undefined)).toEqual(before);
  };

  describe('a batch', () => {
    test('is written under the claim that it holds', async () => {
      await seedStuck();
      expect(await batchUnder(await claimed(claims(), aRequest()))).toBe(1);
    });

    test('writes nothing under a claim that was given back', async () => {
      const claim = await claimed(claims(), aRequest());
      await claims().release(claim, { empty: false });
      await expectLost(claim);
    });

    test('writes nothing under a claim that another one took over', async () => {
      const lost = await claimed(claims(), aRequest());
      await cluster.own.age(TERM + 1);
      await claimed(claims(), asOther(lost));
      await expectLost(lost);
    });

    test('writes nothing under an older claim of the same holder', async () => {
      const older = await claimed(claims(), aRequest());
      await claims().release(older, { empty: false });
      await claimed(claims(), aRequest({ strategy: older.strategy }));
      await expectLost(older);
    });

    test('writes nothing under a claim that has lapsed, although nobody took over', async () => {
      const claim = await claimed(claims(), aRequest());
      await cluster.own.age(TERM + 1);
      await expectLost(claim);
    });

    test('writes nothing under a claim that nobody was given', async () => {
      await expectLost({ ...aRequest(), config: 'main', term: 1, pass: 'none' });
    });

    test('begins a new term', async () => {
      const claim = await claimed(claims(), aRequest());
      await cluster.own.age(TERM - 60);
      await batchUnder(claim);
      await cluster.own.age(TERM - 60);
      expect(await stateOf(claims(), claim.strategy)).toMatchObject({
        holder: 'one',
        term: claim.term,
        isLapsed: false,
      });
      expect(await claims().acquire(asOther(claim))).toMatchObject({ outcome: 'held' });
    });

    test('is refused a claim outside of a transaction', async () => {
      const claim = await claimed(claims(), aRequest());
      const session = await cluster.store().transaction(async (open) => open);
      await expect(claims().hold(session, claim)).rejects.toMatchObject({ code: 'SESSION_NOT_IN_TRANSACTION' });
    });

    if (transactions) {
      test('that fails leaves the claim as it was before', async () => {
        const claim = await claimed(claims(), aRequest());
        const before = await stateOf(claims(), claim.strategy);
        const failed = cluster.store().transaction(async (session) => {
          await claims().hold(session, claim);
          throw new Error('the work went wrong');
        });
        await expect(failed).rejects.toThrow('the work went wrong');
        expect(await stateOf(claims(), claim.strategy)).toEqual(before);
      });

      test('that is open keeps its turn, and whoever asks is told at once', async () => {
        const claim = await claimed(claims(), aRequest());
        await cluster.store().transaction(async (session) => {
          await claims().hold(session, claim);
          // Nobody but this transaction ends this transaction, so whoever waited for it would wait forever.
          const answer = await claims().acquire(asOther(claim));
          expect(answer).toMatchObject({ outcome: 'held', holder: 'one' });
          // Where nothing skips what is locked, only a write finds an open batch, and would get in its way.
          if (skipsLocked) expect(answer).toMatchObject({ freeInSeconds: 0 });
        });
        expect(await claims().acquire(asOther(claim))).toMatchObject({ outcome: 'held', holder: 'one' });
      });

      test('that is open cannot be overtaken, however much time goes by', async () => {
        await seedStuck();
        const claim = await claimed(claims(), aRequest());
        const { repository, transaction } = cluster.store();
        let ageing: Promise<void> | undefined;
        await transaction(async (session) => {
          await claims().hold(session, claim);
          // Waits for the row until the transaction ends, if the transaction holds it.
          ageing = cluster.own.age(TERM + 1);
          // Where nobody is held up the time has gone by now, and the turn has lapsed.
          await Promise.race([ageing, pause(GONE_BY_MS)]);
          expect(await claims().acquire(asOther(claim))).toMatchObject({ outcome: 'held' });
          const jobs = await repository.getStuckJobs(session, 48, { limit: 10 });
          expect(await repository.markJobsAsFailed(session, jobs, 'too long')).toHaveLength(1);
        });
        await ageing;
        expect(await claims().acquire(asOther(claim))).toMatchObject({ outcome: 'claimed', lapsed: 'one' });
      });
    } else {
      test('that is open is overtaken once its claim lapses: without transactions a check is only a check', async () => {
        const claim = await claimed(claims(), aRequest());
        await cluster.store().transaction(async (session) => {
          await claims().hold(session, claim);
          await cluster.own.age(TERM + 1);
          expect(await claims().acquire(asOther(claim))).toMatchObject({ outcome: 'claimed', lapsed: 'one' });
        });
      });
    }

    if (transactions && endsIdle) {
      test('that stops for longer than a term after its check is rolled back, and another one takes over', async () => {
        await seedStuck();
        const { repository, transaction } = cluster.store();
        const claim = await claimed(claims(), aRequest({ termSeconds: 1 }));
        const stopped = async () => {
          const batch = transaction(
            async (session) => {
              await claims().hold(session, claim);
              const jobs = await repository.getStuckJobs(session, 48, { limit: 10 });
              expect(await repository.markJobsAsFailed(session, jobs, 'too long')).toHaveLength(1);
              await takeOver(claims(), asOther(claim));
              return repository.getStuckJobs(session, 48, { limit: 10 });
            },
            { idleTimeoutSeconds: 1 },
          );
          await expect(batch).rejects.toSatisfy((error) => isJobsweepError(error));
        };
        expect(await changesOf(cluster, stopped)).toEqual({});
        expect(await stateOf(claims(), claim.strategy)).toMatchObject({ holder: 'two' });
      });
    }
  });
}
