import { setTimeout as pause } from 'node:timers/promises';
import { type Assignments, isIn, type Key, type Tx } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { otherSide } from '../races/other-side.js';
import { changesOf } from '../support/changes.js';
import { job } from '../support/rows.js';
import { expectServerTimes, set, whileHeld } from '../support/under-test.js';
import { type DriverUnderTest, micros } from './driver-under-test.js';

/** Enough for a statement that nobody holds up. A shorter one could only let a fault through. */
const GONE_BY_MS = 100;

/** `insert`, `take`, `hold` and `change`: single rows, in as few statements as can be. */
export function describeSingleRows<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { transactions, skipsLocked } = cluster.capabilities;
  const isRunning = () => isIn(of.columns.state, ['RUNNING']);
  const ours = (): Assignments => ({ [of.columns.note]: { value: 'ours' } });
  const keyOf = (id: number) => of.keys('jobs', id)[0] as Key;

  const take = (id: number, given = ours()) =>
    of.writing((tx) => tx.take(of.jobs, keyOf(id), { where: isRunning(), set: given, columns: [of.columns.note] }));
  const hold = (id: number) => of.writing((tx) => tx.hold(of.jobs, keyOf(id), [of.columns.note], isRunning()));
  const change = (id: number, given = ours()) => of.writing((tx) => tx.change(of.jobs, keyOf(id), isRunning(), given));
  const notes = async () => (await cluster.read()).jobs.map(({ note }) => note);

  describe('single rows', () => {
    beforeEach(() =>
      cluster.seed({ jobs: [job(1, { tenant: '7', note: 'before' }), job(2, { state: 'FAILED' }), job(3)] }),
    );

    describe('insert', () => {
      const insert = (id: number) => {
        const { name, note } = of.columns;
        const row = { [of.jobs.key[0] ?? '']: { value: id }, [name]: { value: 'new' }, [note]: { value: 'ours' } };
        return of.writing((tx) => tx.insert(of.jobs, row));
      };

      test('adds a row', async () => {
        await insert(4);
        const [added] = (await cluster.read()).jobs.slice(3);
        expect(added).toMatchObject({ id: '4', name: 'new', note: 'ours' });
      });

      test('adds nothing, and changes nothing, where there is a row with the key', async () => {
        expect(await changesOf(cluster, () => insert(1))).toEqual({});
      });
    });

    describe('take', () => {
      test('changes a row that meets the condition, and gives it as it was', async () => {
        const { tenant, state } = of.columns;
        const given: Assignments = { ...ours(), [tenant]: { increment: 2 }, [state]: { value: 'FAILED' } };
        const changes = await changesOf(cluster, async () => {
          const before = await take(1, given);
          expect(before && of.shownRow(before, 'note')).toEqual({ id: '1', note: 'before' });
        });
        expect(changes).toEqual({ 'jobs/1': { note: 'ours', tenant: '9', state: 'FAILED' } });
      });

      test('leaves a row that does not meet the condition, and finds none that is not there', async () => {
        const none = async () => {
          expect(await take(2)).toBeUndefined();
          expect(await take(99)).toBeUndefined();
        };
        expect(await changesOf(cluster, none)).toEqual({});
      });

      test("writes instants from the database's clock on", async () => {
        const given = { [of.columns.endTime]: { afterSeconds: 0 }, [of.columns.startTime]: { afterSeconds: -3600 } };
        await expectServerTimes(
          cluster,
          () => take(1, given),
          ({ jobs: [first] }) => [first?.endTime],
        );
        const [first] = (await cluster.read()).jobs;
        expect(micros(first?.endTime ?? '') - micros(first?.startTime ?? '')).toBe(3_600_000_000n);
      });

      if (transactions && skipsLocked) {
        test('leaves a row that others hold, and does not wait', async () => {
          const taken = await whileHeld(cluster, [['jobs', '1']], () => take(1));
          expect(taken).toBeUndefined();
          expect(await notes()).toEqual(['before', 'alice', 'alice']);
        });
      } else if (transactions) {
        test('ends in a CONFLICT where others hold the row, and does not wait', async () => {
          const taking = (tx: Tx) => tx.take(of.jobs, keyOf(1), { where: isRunning(), set: ours(), columns: [] });
          await whileHeld(cluster, [['jobs', '1']], () => of.expectConflict(taking));
        });
      }
    });

    describe('hold', () => {
      test("gives the row and the database's clock", async () => {
        const from = await cluster.now();
        const held = await hold(1);
        expect(held && of.shownRow(held, 'note')).toEqual({ id: '1', note: 'before' });
        expect(held?.clock).toBeGreaterThanOrEqual(micros(from));
        expect(held?.clock).toBeLessThanOrEqual(micros(await cluster.now()));
      });

      test('gives no row that does not meet the condition, and none that is not there', async () => {
        expect(await hold(2)).toBeUndefined();
        expect(await hold(99)).toBeUndefined();
      });

      if (!transactions) return;
      if (!skipsLocked) {
        test('makes others who hold the row as well end in a CONFLICT', async () => {
          const both = of.writing(async (tx) => {
            await tx.hold(of.jobs, keyOf(1), [], isRunning());
            await of.expectConflict((other) => other.hold(of.jobs, keyOf(1), [], isRunning()));
          });
          await expect(both).resolves.toBeUndefined();
        });
        return;
      }

      test('keeps others from changing the row until the transaction ends', async () => {
        const side = otherSide(cluster);
        let reaction: Promise<unknown> = Promise.resolve();
        await of.writing(async (tx) => {
          await tx.hold(of.jobs, keyOf(1), [], isRunning());
          reaction = side.begin({ does: () => [set('jobs', 1, { note: 'theirs' })] });
          expect(await side.waits(reaction), 'they wait').toBe(true);
        });
        await reaction;
        await side.end('commit');
      });

      /** Begins something while others have changed a row, and lets go of the row when it waits. */
      const afterOthers = async <Result>(theirs: Parameters<typeof set>[2], begin: () => Promise<Result>) => {
        await cluster.second.begin();
        await cluster.second.act(set('jobs', 1, theirs));
        const begun = begin();
        await Promise.race([begun, pause(GONE_BY_MS)]);
        const released = await cluster.now();
        await cluster.second.end('commit');
        return { result: await begun, released: micros(released) };
      };

      test('waits for whoever holds the row, and gives it as it is then, with the clock of then', async () => {
        const { result, released } = await afterOthers({ note: 'theirs' }, () => hold(1));
        expect(result && of.shownRow(result, 'note')).toEqual({ id: '1', note: 'theirs' });
        expect(result?.clock).toBeGreaterThanOrEqual(released);
      });

      test('gives no row that meets the condition no more once others let go of it', async () => {
        expect((await afterOthers({ state: 'FAILED' }, () => hold(1))).result).toBeUndefined();
      });

      test('and change wait alike', async () => {
        expect((await afterOthers({ note: 'theirs' }, () => change(1))).result).toBe(true);
        expect(await notes()).toEqual(['ours', 'alice', 'alice']);
        expect((await afterOthers({ state: 'FAILED' }, () => change(1))).result).toBe(false);
      });
    });

    describe('change', () => {
      test('writes into a row that meets the condition, and says so', async () => {
        const changes = await changesOf(cluster, async () => {
          expect(await change(1)).toBe(true);
        });
        expect(changes).toEqual({ 'jobs/1': { note: 'ours' } });
      });

      test('writes into no row that does not, and says so', async () => {
        const changes = await changesOf(cluster, async () => {
          expect(await change(2)).toBe(false);
          expect(await change(99)).toBe(false);
        });
        expect(changes).toEqual({});
      });
    });
  });
}
