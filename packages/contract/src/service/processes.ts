import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PassOrder, Point } from '../elsewhere/messages.js';
import { OtherProcess } from '../elsewhere/other-process.js';
import { runStuckPass } from '../elsewhere/stuck-pass.js';
import { changesOf } from '../support/changes.js';
import { job, upTo } from '../support/rows.js';
import { DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { aRequest, claimed, stateOf, TERM, takeOver, untilLapsed } from './turns.js';

const FIVE_MINUTES = 5 * 60 * 1000;
const JOBS = 5;

/** Runners in processes of their own, which the operating system stops, wakes and kills, with clocks of their own. */
export function describeProcesses<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { transactions, endsIdle } = cluster.capabilities;
  const claims = () => cluster.store().claims;
  const seedStuck = () => cluster.seed({ jobs: upTo(JOBS).map((id) => job(id, { startTime: cluster.ago(90 * DAY) })) });
  /** Who failed the jobs, as the rows say. */
  const writers = async () => (await cluster.read()).jobs.map(({ errorMsg }) => errorMsg);
  const upToAll = (writer: string) => Array.from({ length: JOBS }, () => writer);

  /** Begins a pass in another process, under a claim of a second, and waits until it waits. */
  const beginPass = async (other: OtherProcess, errorMsg: string, waitAt: PassOrder['waitAt'], batchRows = 100) => {
    await seedStuck();
    const claim = await claimed(other, aRequest({ holder: errorMsg, termSeconds: 1 }));
    other.begin({ claim, errorMsg, batchRows, ...(waitAt && { waitAt }) });
    await other.reached();
    return claim;
  };
  const goOn = (claim: PassOrder['claim']) =>
    runStuckPass(cluster.store(), { claim, errorMsg: 'successor', batchRows: 100 });

  describe('a process', () => {
    let other: OtherProcess;
    beforeAll(async () => {
      other = await OtherProcess.start(cluster.elsewhere);
    });
    afterAll(() => other.close());

    /** It is frozen at a point, loses its claim, and is woken while the jobs are as due as they were. */
    const expectNothingWritten = async (point: Point) => {
      const { strategy } = await beginPass(other, 'frozen', { point, after: 0 });
      other.freeze();
      const successor = await takeOver(claims(), aRequest({ strategy, holder: 'successor' }));
      const woken = async () => expect(await other.wake()).toMatchObject({ itemsCleaned: 0 });
      expect(await changesOf(cluster, woken)).toEqual({});

      expect(await stateOf(claims(), strategy)).toMatchObject({ holder: 'successor', isLapsed: false });
      expect(await goOn(successor)).toMatchObject({ itemsCleaned: JOBS, stopReason: 'drained' });
      expect(await writers()).toEqual(upToAll('successor'));
    };

    test('that is frozen between two batches, past its claim, and woken writes nothing more', () =>
      expectNothingWritten('before batch'));

    test('that is frozen before its check, past its claim, and woken writes nothing more', () =>
      expectNothingWritten('before hold'));

    if (transactions && endsIdle) {
      test('that is frozen after its check, past its claim, and woken writes nothing more', () =>
        expectNothingWritten('held'));

      test('that is frozen between its write and its commit, past its claim, and woken has written nothing', () =>
        expectNothingWritten('wrote'));
    } else if (transactions) {
      test('that is frozen after its check keeps its turn as long as the server keeps its transaction', async () => {
        const { strategy } = await beginPass(other, 'frozen', { point: 'held', after: 0 });
        other.freeze();
        await untilLapsed(claims(), strategy);
        const request = aRequest({ strategy, holder: 'successor' });
        expect(await claims().acquire(request)).toMatchObject({ outcome: 'held', holder: 'frozen' });
        expect(await other.wake()).toMatchObject({ itemsCleaned: JOBS });
        expect(await writers()).toEqual(upToAll('frozen'));
      });
    } else {
      test('that is frozen after its check still writes what is due: without transactions that is only a check', async () => {
        const { strategy } = await beginPass(other, 'frozen', { point: 'held', after: 0 });
        other.freeze();
        const successor = await takeOver(claims(), aRequest({ strategy, holder: 'successor' }));
        expect(await other.wake()).toMatchObject({ itemsCleaned: JOBS, stopReason: 'drained' });
        // And nothing that was done already.
        expect(await goOn(successor)).toMatchObject({ itemsCleaned: 0, stopReason: 'drained' });
        expect(await writers()).toEqual(upToAll('frozen'));
      });
    }

    test('that is killed in the middle is taken over once its claim lapses, and no job is failed twice', async () => {
      // Where a server keeps the transaction of the dead, it is killed while it has none open.
      const point = transactions && !endsIdle ? 'before batch' : 'wrote';
      const { strategy } = await beginPass(other, 'killed', { point, after: 1 }, 2);
      await other.kill();
      const done = transactions ? 2 : 4;
      const successor = await takeOver(claims(), aRequest({ strategy, holder: 'successor' }));
      expect(await goOn(successor)).toMatchObject({ itemsCleaned: JOBS - done, stopReason: 'drained' });
      expect((await writers()).sort()).toEqual(upToAll('successor').fill('killed', 0, done));
    });
  });

  describe.each([
    ['ahead', FIVE_MINUTES],
    ['behind', -FIVE_MINUTES],
  ])('a host whose clock is five minutes %s', (_how, shiftMs) => {
    test('takes turns as the others do, and writes the server’s times', async () => {
      await seedStuck();
      const other = await OtherProcess.start(cluster.elsewhere, shiftMs);
      try {
        const from = await cluster.now();
        const ours = await claimed(claims(), aRequest({ termSeconds: 120 }));
        const theirs = aRequest({ strategy: ours.strategy, holder: 'theirs', notWithinSeconds: 120 });
        expect(await other.acquire(theirs)).toMatchObject({ outcome: 'held' });
        await claims().release(ours, { empty: true });
        expect(await other.acquire(theirs)).toMatchObject({ outcome: 'notDue' });
        await cluster.own.age(120);

        const claim = await claimed(other, theirs);
        other.begin({ claim, errorMsg: 'theirs', batchRows: 100, waitAt: { point: 'wrote', after: 0 } });
        await other.reached();
        expect(await other.wake()).toMatchObject({ itemsCleaned: JOBS, stopReason: 'drained' });
        expect(await claims().acquire(aRequest({ strategy: ours.strategy }))).toMatchObject({ outcome: 'held' });

        const to = await cluster.now();
        const { startedAt, expiresAt } = await stateOf(claims(), ours.strategy);
        const ends = (await cluster.read()).jobs.map(({ endTime }) => endTime ?? '');
        const beganMs = [startedAt?.getTime() ?? 0, (expiresAt?.getTime() ?? 0) - TERM * 1000];
        for (const ms of [...beganMs, ...ends.map((end) => new Date(end).getTime())]) {
          expect(ms).toBeGreaterThanOrEqual(new Date(from).getTime() - 1);
          expect(ms).toBeLessThanOrEqual(new Date(to).getTime() + 1);
        }
      } finally {
        await other.close();
      }
    });
  });
}
