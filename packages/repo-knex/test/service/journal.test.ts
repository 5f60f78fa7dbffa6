import type { CleanupStore, PassEntry } from '@jobsweep/core';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import type { Knex } from 'knex';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from './support/opened.js';

const entry = (part: Partial<PassEntry> = {}): PassEntry => ({
  config: 'main',
  strategy: 'stuck_job_cleanup',
  status: 'done',
  stopReason: 'drained',
  durationMs: 1234.5,
  dueMs: 6000,
  longestDueMs: 4000,
  itemsCleaned: 1,
  itemsFound: 2,
  itemsContended: 3,
  itemsPassedOver: 4,
  itemsBlocked: 5,
  itemsUnknown: 6,
  batches: 7,
  blocked: [],
  error: null,
  host: 'host-1',
  holder: 'host-1:4711',
  note: null,
  ...part,
});

describe.each(enginesOfRun())('the history on %s', (engine) => {
  const database = useDatabase(engine);
  let store: CleanupStore<Knex.Transaction>;
  beforeAll(async () => {
    store = await database.open();
    await store.ownTables.create();
  });
  beforeEach(() => database.raw.query('delete from jobsweep_history'));

  const kept = async (part: Partial<PassEntry>) => {
    await store.journal.append(entry(part));
    const [newest] = await store.journal.read({ limit: 1 });
    if (newest === undefined) throw new Error('Nothing was kept');
    return newest;
  };

  test('cuts texts that are too long, and no character of them in the middle', async () => {
    const long = '🧹'.repeat(3000);
    const blocked = Array.from({ length: 101 }, (_each, index) => ({
      id: String(index),
      code: 'ROW_REJECTED' as const,
      message: long,
      constraint: undefined,
    }));
    const error = { code: 'DATABASE_ERROR', message: `x${long}` };
    const { error: keptError, note, host, ...rest } = await kept({ blocked, error, note: long, host: long });
    expect(rest.blocked).toHaveLength(100);
    for (const text of [keptError?.message, note, host, rest.blocked[0]?.message]) {
      expect(text).toMatch(/^x?(🧹)+…$/u);
    }
  });

  test('keeps no password of a URL that an error repeats', async () => {
    const message =
      'cannot reach postgres://root:hunter2@db/x, mysql://a:hun@ter2@db, https://x/?password=hunter2&user=a or \0 \uD83D';
    const { error, note } = await kept({ error: { code: null, message }, note: message });
    for (const text of [error?.message, note]) {
      expect(text).toBe(
        'cannot reach postgres://root:***@db/x, mysql://a:***@db, https://x/?password=***&user=a or \uFFFD \uFFFD',
      );
    }
  });

  test('keeps every number and name as it is told', async () => {
    const given = entry({
      itemsCleaned: 2 ** 40,
      status: 'failed',
      stopReason: 'failed',
      error: { code: 'CONFLICT', message: 'É 漢字' },
      blocked: [{ id: '9007199254740993', code: 'ROW_REJECTED', message: 'no', constraint: 'fk' }],
    });
    const { id, startedAt, ...rest } = await kept(given);
    expect(rest).toEqual({ ...given, pass: null, samples: [] });
    expect(id).toMatch(/^\d+$/);
    expect(startedAt).toBeInstanceOf(Date);
  });

  test('is read also where somebody wrote nonsense into the rows that were refused', async () => {
    await store.journal.append(entry());
    await database.raw.query("update jobsweep_history set blocked = '[{'");
    expect(await store.journal.read()).toMatchObject([{ blocked: [] }]);
  });

  test.each([
    ['strategy', { strategy: '' }],
    ['durationMs', { durationMs: Number.NaN }],
    ['durationMs', { durationMs: -1 }],
  ])('refuses a pass without a sensible %s', async (field, part) => {
    const appended = store.journal.append(entry(part));
    await expect(appended).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining(field) });
    expect(await store.journal.read()).toEqual([]);
  });

  test.each(['', 'x', '1; drop table', '1.5', '9'.repeat(19)])('refuses to read before the entry %j', async (id) => {
    await expect(store.journal.read({ before: { id } })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  describe('when it is pruned', () => {
    const DAYS = 40;
    beforeEach(async () => {
      for (let day = 1; day <= DAYS; day += 1)
        await store.journal.append(entry({ durationMs: (day - 0.5) * 86_400_000 }));
    });

    test('loses the oldest passes, no more than was allowed, and none that is younger', async () => {
      const left = async () =>
        (await store.journal.read({ limit: 100 })).map(({ durationMs }) => durationMs / 86_400_000 + 0.5);
      expect(await store.journal.prune({ maxAgeDays: 30, limit: 3 })).toBe(3);
      expect(Math.max(...(await left()))).toBe(DAYS - 3);
      expect(await store.journal.prune({ maxAgeDays: 30, limit: 100 })).toBe(7);
      expect((await left()).sort((one, other) => one - other)).toEqual(
        Array.from({ length: 30 }, (_each, day) => day + 1),
      );
      expect(await store.journal.prune({ maxAgeDays: 30, limit: 100 })).toBe(0);
    });

    test('by several at once, counts each pass once', async () => {
      const stores = [store, await database.open(), await database.open()];
      const counts = await Promise.all(stores.map(({ journal }) => journal.prune({ maxAgeDays: 10, limit: 20 })));
      const [row] = await database.raw.query('select count(*) as total from jobsweep_history');
      expect(counts.reduce((sum, each) => sum + each, 0)).toBe(DAYS - Number(row?.total));
      expect(Number(row?.total)).toBeGreaterThanOrEqual(10);
    });
  });
});
