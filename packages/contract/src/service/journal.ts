import { randomUUID } from 'node:crypto';
import type { PassEntry } from '@jobsweep/core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { upTo } from '../support/rows.js';
import { DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';
import { anEntry } from './entries.js';

const HOSTILE = `it's "a" \\ {b} $1 ? : 漢字 ü\n\t♻️ %s; drop table jobs; --`;

/** The history of passes. */
export function describeJournal<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  describe('the journal', () => {
    const journal = () => cluster.store().journal;
    /** Passes that took a number of days: they began so long ago. */
    const tookDays = (days: number) => anEntry({ durationMs: days * DAY * 1000, note: String(days) });
    const notes = async () => (await journal().read({ limit: 1000 })).map(({ note }) => note);

    beforeEach(async () => {
      await cluster.own.drop();
      await cluster.store().ownTables.create();
    });

    test('gives back what was appended, all of it', async () => {
      const entries = [
        anEntry(),
        anEntry({ status: 'failed', stopReason: 'failed', error: { code: 'PERMISSION_DENIED', message: HOSTILE } }),
        anEntry({ error: { code: null, message: 'A strategy of its own' }, note: HOSTILE, host: 'büro' }),
        anEntry({ stopReason: 'claimLost', strategy: `own ${randomUUID()}`, itemsCleaned: 5_000_000_000 }),
      ];
      for (const entry of entries) await journal().append(entry);
      const read = await journal().read();
      expect(read).toHaveLength(entries.length);
      for (const [index, entry] of entries.entries()) expect(read.at(-1 - index)).toMatchObject(entry);
      expect(new Set(read.map(({ id }) => id)).size).toBe(entries.length);
    });

    test('keeps a hundred blocked rows of a pass', async () => {
      const blocked = upTo(100).map((id) => ({
        id: String(id),
        code: 'ROW_REJECTED' as const,
        message: `The row was refused: ${HOSTILE}`.padEnd(400, '.'),
        constraint: id % 2 === 0 ? 'invoices_job_fkey' : undefined,
      }));
      await journal().append(anEntry({ stopReason: 'blocked', itemsBlocked: 500, blocked }));
      expect((await journal().read())[0]?.blocked).toEqual(blocked);
    });

    test('keeps the first twenty of the rows that a strategy which observes would have repaired', async () => {
      const samples = upTo(25).map((id) => ({
        id: String(id),
        description: `Stuck job ${id} (${HOSTILE})`,
        dueSince: id % 2 === 0 ? new Date(id * DAY * 1000 + 123) : null,
      }));
      const long = { id: '0', description: 'x'.repeat(1000), dueSince: null };
      await journal().append(anEntry());
      await journal().append(anEntry({ stopReason: 'observed', itemsCleaned: 0, itemsFound: 26, samples: [long] }));
      await journal().append(anEntry({ stopReason: 'observed', itemsCleaned: 0, itemsFound: 25, samples }));
      const read = await journal().read();
      expect(read.map((entry) => entry.samples)).toEqual([
        samples.slice(0, 20),
        [{ ...long, description: `${'x'.repeat(499)}…` }],
        [],
      ]);
    });

    test('counts when a pass began back from the server’s clock, whatever this process takes for now', async () => {
      const from = new Date(await cluster.now()).getTime();
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01T00:00:00Z') });
      await journal()
        .append(anEntry({ durationMs: 90_000 }))
        .finally(() => vi.useRealTimers());
      const to = new Date(await cluster.now()).getTime();
      const [entry] = await journal().read();
      const startedMs = entry?.startedAt.getTime() ?? 0;
      expect(startedMs).toBeGreaterThanOrEqual(from - 90_000 - 1);
      expect(startedMs).toBeLessThanOrEqual(to - 90_000 + 1);
    });

    test('is read from the newest on, page by page, without losing or repeating an entry', async () => {
      const names = upTo(7).map(String);
      for (const note of names) await journal().append(anEntry({ note }));
      const seen: (string | null)[] = [];
      let page = await journal().read({ limit: 3 });
      for (; page.length > 0 && seen.length < 20; page = await journal().read({ limit: 3, before: page.at(-1) })) {
        expect(page.length).toBeLessThanOrEqual(3);
        seen.push(...page.map(({ note }) => note));
        // One that is added meanwhile is on no page behind.
        await journal().append(anEntry({ note: 'new' }));
      }
      expect(seen).toEqual(names.reverse());
    });

    test('gives 20 entries unless it is asked for more', async () => {
      for (const number of upTo(21)) await journal().append(anEntry({ note: String(number) }));
      expect(await journal().read()).toHaveLength(20);
      expect(await journal().read({ limit: 1000 })).toHaveLength(21);
    });

    test('gives the entries of one strategy, compared to the letter, in pages too', async () => {
      for (const strategy of ['sweep', 'Sweep', 'sweep', 'sweeper', 'sweep'])
        await journal().append(anEntry({ strategy }));
      const page = await journal().read({ strategy: 'sweep', limit: 2 });
      expect(page.map(({ strategy }) => strategy)).toEqual(['sweep', 'sweep']);
      const rest = await journal().read({ strategy: 'sweep', limit: 2, before: page.at(-1) });
      expect(rest.map(({ strategy }) => strategy)).toEqual(['sweep']);
      expect(await journal().read({ strategy: 'nothing' })).toEqual([]);
    });

    test('gives the passes that repaired something, in pages too, where nothing else is wanted', async () => {
      const cleaned = [4, 0, 3, 0, 0, 2];
      for (const itemsCleaned of cleaned) await journal().append(anEntry({ itemsCleaned, itemsFound: 4 }));
      await journal().append(anEntry({ itemsCleaned: 0, status: 'failed', stopReason: 'failed' }));
      const page = await journal().read({ repairedOnly: true, limit: 2 });
      expect(page.map(({ itemsCleaned }) => itemsCleaned)).toEqual([2, 3]);
      const rest = await journal().read({ repairedOnly: true, limit: 2, before: page.at(-1) });
      expect(rest.map(({ itemsCleaned }) => itemsCleaned)).toEqual([4]);
    });

    test('sums up what was done, by strategy and result, over spans of time', async () => {
      const began = (secondsAgo: number, entry: Partial<PassEntry>) =>
        journal().append(
          anEntry({
            itemsContended: 0,
            itemsBlocked: 0,
            dueMs: 7000,
            longestDueMs: 4000,
            ...entry,
            durationMs: secondsAgo * 1000,
          }),
        );
      await began(0, { strategy: 'sweep', itemsCleaned: 5_000_000_000 });
      await began(0.25, { strategy: 'sweep', itemsCleaned: 4, itemsContended: 2, longestDueMs: 6000 });
      await began(0, { strategy: 'Sweep', itemsCleaned: 1 });
      await began(0, { strategy: 'sweep', status: 'failed', stopReason: 'failed', itemsCleaned: 0, itemsBlocked: 3 });
      for (const stopReason of ['paused', 'undone', 'observed'] as const)
        await began(0, { strategy: 'sweep', stopReason });
      await began(0, { config: 'other', strategy: 'sweep' });
      await began(2 * DAY, { strategy: 'sweep', itemsCleaned: 9 });
      await began(5 * DAY, { strategy: 'sweep', itemsCleaned: 100 });

      const spans = await journal().totals({ config: 'main', withinSeconds: 4 * DAY, spanSeconds: DAY });
      const told = spans.map(({ from, ...span }) => ({ ...span, isOnSpan: from.getTime() % (DAY * 1000) === 0 }));
      const nothing = {
        ...{ config: 'main', status: 'done', itemsContended: 0, itemsBlocked: 0, isOnSpan: true },
        ...{ dueMs: 7000, longestDueMs: 4000 },
      };
      const sweep = { ...nothing, strategy: 'sweep' };
      const times = { durationMs: expect.any(Number), longestMs: expect.any(Number) };
      expect(told[0]).toEqual({
        ...sweep,
        passes: 1,
        itemsCleaned: 9,
        durationMs: 2 * DAY * 1000,
        longestMs: 2 * DAY * 1000,
      });
      // At midnight there are two spans of what has just been done.
      const now = told.slice(1).filter(({ passes }) => passes > 0);
      const of = (strategy: string, status: string) =>
        now.filter((one) => one.strategy === strategy && one.status === status);
      const sum = (of: readonly { readonly itemsCleaned: number }[]) =>
        of.reduce((all, one) => all + one.itemsCleaned, 0);
      expect(sum(of('sweep', 'done'))).toBe(5_000_000_004);
      expect(of('sweep', 'done').reduce((all, { dueMs }) => all + dueMs, 0)).toBe(14_000);
      expect(Math.max(...of('sweep', 'done').map(({ longestDueMs }) => longestDueMs))).toBe(6000);
      expect(of('Sweep', 'done')).toEqual([{ ...nothing, ...times, strategy: 'Sweep', passes: 1, itemsCleaned: 1 }]);
      expect(of('sweep', 'failed')).toEqual([
        { ...sweep, ...times, status: 'failed', passes: 1, itemsCleaned: 0, itemsBlocked: 3 },
      ]);
      expect(now.reduce((all, { passes }) => all + passes, 0)).toBe(4);
    });

    test.each([
      [0, 1],
      [Number.NaN, 1],
      [3600, 3],
      [3600, 60.5],
      [1, 0],
    ])('refuses %s seconds in spans of %s seconds', async (withinSeconds, spanSeconds) => {
      const refused = journal().totals({ withinSeconds, spanSeconds });
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });

    test('takes what several append at once', async () => {
      await Promise.all(upTo(8).map((number) => journal().append(anEntry({ note: String(number) }))));
      expect((await notes()).sort()).toEqual(upTo(8).map(String));
    });

    test('loses the passes that began longer ago than it is to be kept, and no others', async () => {
      for (const days of [3, 1.9, 2.1, 0, 5]) await journal().append(tookDays(days));
      expect(await journal().prune({ maxAgeDays: 2, limit: 100 })).toBe(3);
      expect(await notes()).toEqual(['0', '1.9']);
      expect(await journal().prune({ maxAgeDays: 2, limit: 100 })).toBe(0);
    });

    test('loses no more passes at once than it is told, the oldest first', async () => {
      for (const days of [3, 5, 4, 1]) await journal().append(tookDays(days));
      expect(await journal().prune({ maxAgeDays: 2, limit: 2 })).toBe(2);
      expect(await notes()).toEqual(['1', '3']);
    });

    test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 'all'])('refuses %s as a limit', async (limit) => {
      await journal().append(tookDays(3));
      const bound = limit as number;
      await expect(journal().read({ limit: bound })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      await expect(journal().prune({ maxAgeDays: 1, limit: bound })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      expect(await notes()).toEqual(['3']);
    });

    test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses to be kept for %s days', async (maxAgeDays) => {
      await journal().append(tookDays(3));
      await expect(journal().prune({ maxAgeDays, limit: 10 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      expect(await notes()).toEqual(['3']);
    });

    test('does nothing once a signal has fired', async () => {
      await journal().append(tookDays(3));
      const signal = AbortSignal.abort();
      await expect(journal().read({ signal })).rejects.toMatchObject({ code: 'ABORTED' });
      await expect(journal().prune({ maxAgeDays: 1, limit: 9, signal })).rejects.toMatchObject({ code: 'ABORTED' });
      expect(await notes()).toEqual(['3']);
    });
  });
}
