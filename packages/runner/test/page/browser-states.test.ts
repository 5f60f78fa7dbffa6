import { type CleanupStore, createStrategies, silentLogger } from '@jobsweep/core';
import { MemoryDatabase, memoryStore } from '@jobsweep/core/memory';
import { describe, expect, test } from 'vitest';
import { createRunner, dashboardSource } from '../../src/index.js';
import { runnerSettings } from '../../src/settings.js';
import { undo } from '../../src/undo/undo.js';
import { CHROMIUM, expectAccessible, useBrowser } from './support/browser.js';
import { serve, serveSource } from './support/served.js';

const OPEN = { authorize: () => true };
const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const OPERATOR = { by: 'ann@laptop', host: 'laptop' };

/** Stuck jobs, and one that ended days ago and holds something still. */
async function damaged({ stuck = ['3'], initialized = true } = {}) {
  const database = new MemoryDatabase();
  await database.seed({
    jobs: [
      { id: '1', name: 'report', state: 'COMPLETED', startTime: ago(170), endTime: ago(169) },
      { id: '2', name: 'render', state: 'RUNNING', startTime: ago(1) },
      ...stuck.map((id) => ({ id, name: 'crawl', state: 'RUNNING' as const, startTime: ago(240) })),
    ],
    allocations: [{ id: '11', jobId: '1', status: 'ALLOCATED', allocationTime: ago(170) }],
  });
  const store = memoryStore(database);
  if (initialized) await store.ownTables.create();
  return store;
}

async function runOnce<Session>(store: CleanupStore<Session>, options = {}) {
  const runner = createRunner({ store, strategies: createStrategies(store), claims: 'required', ...options });
  await runner.runOnce();
  await runner.stop();
}

describe.skipIf(CHROMIUM === undefined)('In Chromium the page', () => {
  const browser = useBrowser();

  test('says of what is paused that its rows wait, and of what observes that it only observes', async () => {
    const store = await damaged();
    await store.claims.pause({ strategy: 'stuck_job_cleanup', ...OPERATOR });
    const url = await serve(store, OPEN, {
      plan: { modes: { completed_job_cleanup: 'observe' } },
      command: { options: `--config '/srv/my jobs/other.json'`, folder: null },
    });
    const { page, offences } = await browser.open(url);
    await page.getByRole('heading', { name: 'One strategy needs a look' }).waitFor();
    await page.getByText('stuck_job_cleanup: paused, and its rows are overdue').waitFor();
    await page.getByRole('row', { name: /completed_job_cleanup · only observes 1 of 1/ }).waitFor();
    expect(await page.getByText('behind').count()).toBe(0);
    expect(await page.title()).toBe('(1!) Now · main · jobsweep');

    await page.getByRole('link', { name: 'Plan' }).click();
    await page.getByText(`jobsweep resume stuck_job_cleanup --config '/srv/my jobs/other.json'`).waitFor();
    expect(await page.getByText('jobsweep run').count()).toBe(0);
    expect(await page.title()).toBe('(1!) Plan · main · jobsweep');
    await expectAccessible(page);
    expect(offences).toEqual([]);
  });

  test('says that it counts, before anything is counted', async () => {
    const store = await damaged();
    const source = dashboardSource(store, createStrategies(store));
    const url = await serveSource({ ...source, backlog: () => new Promise(() => undefined) });
    const { page } = await browser.open(url);
    await page.getByRole('heading', { name: 'Counting what is due' }).waitFor();
    await page.getByRole('row', { name: /stuck_job_cleanup · being counted/ }).waitFor();
    expect(await page.getByText(/All is well|nothing is due|keep up/).count()).toBe(0);
    await expectAccessible(page);
  });

  test('says what is not kept without own tables, once, and which command makes them', async () => {
    const url = await serve(await damaged({ initialized: false }), OPEN, {
      command: { options: '', folder: '/srv/jobsweep' },
    });
    const { page } = await browser.open(url);
    await page.getByText('jobsweep init --apply').waitFor();
    await page.getByText('in the folder /srv/jobsweep').waitFor();
    expect(await page.getByText(/as soon as a runner is there|none yet/).count()).toBe(0);

    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByRole('heading', { name: 'History', exact: true }).waitFor();
    await page.getByText('jobsweep init --apply').waitFor();
    expect(await page.getByText('are missing').count()).toBe(1);
    expect(await page.getByText('NOT_INITIALIZED').count()).toBe(0);
    await expectAccessible(page);
  });

  test('tells of a pass that it was taken back, and of the one that did so which rows, and who', async () => {
    const store = await damaged();
    await runOnce(store);
    const [entry] = await store.journal.read({ strategy: 'stuck_job_cleanup', limit: 1 });
    const settings = runnerSettings({ claims: 'required' });
    await undo(store, settings, {
      entry: { ...entry, pass: entry?.pass ?? '' } as Parameters<typeof undo>[2]['entry'],
      ...{ config: 'main', ...OPERATOR, note: 'It takes back a pass', logger: silentLogger },
    });
    const [undone] = await store.journal.read({ strategy: 'stuck_job_cleanup', limit: 1 });
    const { page } = await browser.open(`${await serve(store)}#/pass/${entry?.id}`);
    await page.getByText('All that it changed was taken back.').waitFor();
    expect(await page.getByText('jobsweep undo').count()).toBe(0);

    const source = dashboardSource(store, createStrategies(store));
    const partly = async () => ({ rows: 3, deleted: 0, undone: 1 });
    const part = await browser.open(`${await serveSource({ ...source, changeCounts: partly })}#/pass/${entry?.id}`);
    await part.page.getByText('1 of the 3 rows that it changed were taken back.').waitFor();
    expect(await part.page.getByText('jobsweep undo').allTextContents()).toEqual([
      `jobsweep undo ${entry?.id} --dry-run`,
    ]);

    await page.goto(`${new URL(page.url()).origin}/#/pass/${undone?.id}`);
    await page.getByRole('heading', { name: 'What an operator did with stuck_job_cleanup' }).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: /state FAILED → RUNNING/ })
      .waitFor();
    await page.getByText(`jobsweep undo ${undone?.id}`).waitFor();
    await page.getByText('ann@laptop').waitFor();
    await expectAccessible(page);
  });

  test('offers under a tripped breaker what goes past it, and approval once it has stopped a pass', async () => {
    const store = await damaged({ stuck: Array.from({ length: 30 }, (_none, index) => `s${index}`) });
    const { page } = await browser.open(`${await serve(store)}#/plan`);
    await page.getByText('Its breaker would stop it: 30 of 31 rows are due, more than 50 %.').waitFor();
    await page.getByText('jobsweep run stuck_job_cleanup --override-breaker').waitFor();

    await runOnce(store);
    const stopped = await browser.open(`${await serve(store)}#/plan`);
    await stopped.page.getByText('jobsweep approve stuck_job_cleanup').waitFor();
    await store.claims.approve({ strategy: 'stuck_job_cleanup', ...OPERATOR });
    const approved = await browser.open(`${await serve(store)}#/plan`);
    await approved.page.getByText(/Approved: one pass may change up to 30 rows until .* UTC\./).waitFor();
    expect(await approved.page.getByText('jobsweep approve').count()).toBe(0);
  });

  test('tells times in UTC wherever it is looked at, and those of whoever looks beside them', async () => {
    const store = await damaged();
    await runOnce(store);
    const { page } = await browser.open(`${await serve(store)}#/history`, { timezoneId: 'Asia/Tokyo' });
    await page.getByText(/^As of .* UTC\. All times are in UTC\.$/).waitFor();
    const time = page.locator('.passes time').first();
    await time.waitFor();
    const shown = (await time.textContent()) ?? '';
    expect(Date.parse(shown)).toBeGreaterThan(Date.now() - HOUR);
    expect(shown).toMatch(/ UTC$/);
    expect(await time.getAttribute('title')).toMatch(/ GMT\+9$/);
  });

  test('counts refusals, and not the rows that are refused again and again', async () => {
    const store = await damaged();
    await runOnce(store);
    const source = dashboardSource(store, createStrategies(store));
    const url = await serveSource({
      ...source,
      spans: async (asked) => (await source.spans(asked)).slice(0, 1).map((span) => ({ ...span, itemsBlocked: 6 })),
    });
    const { page } = await browser.open(url);
    await page.getByText('6 refusals').waitFor();
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByText('· 6 refusals').waitFor();
    expect(await page.getByText('6 refused').count()).toBe(0);
  });

  test('holds long keys and texts in its width', async () => {
    const store = await damaged({ stuck: ['k'.repeat(200)] });
    await runOnce(store);
    const [entry] = await store.journal.read({ strategy: 'stuck_job_cleanup', limit: 1 });
    const long = 'x'.repeat(3000);
    const source = dashboardSource(store, createStrategies(store));
    const url = await serveSource({
      ...source,
      passes: async (asked) =>
        (await source.passes(asked)).map((pass) => ({
          ...{ ...pass, note: long, error: { code: 'X', message: long } },
          blocked: [{ id: long, code: 'DATABASE_ERROR' as const, message: long, constraint: long }],
        })),
      changes: async (pass, options) =>
        ((await source.changes?.(pass, options)) ?? []).map((change) => ({ ...change, after: { error_msg: long } })),
    });
    for (const width of [1280, 390]) {
      const { page } = await browser.open(`${url}#/pass/${entry?.id}`, { viewport: { width, height: 800 } });
      await page.locator('.changes').waitFor();
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
  });

  test('lets a command be selected where the browser lets nothing be copied', async () => {
    const store = await damaged();
    await runOnce(store);
    const [entry] = await store.journal.read({ strategy: 'stuck_job_cleanup', limit: 1 });
    const { page } = await browser.open(await serve(store));
    await page.addInitScript(`Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })`);
    await page.goto(`${page.url().split('#')[0]}#/pass/${entry?.id}`);
    await page.reload();
    await page.getByRole('button', { name: 'Select' }).click();
    expect(await page.evaluate<string>('getSelection().toString()')).toBe(`jobsweep undo ${entry?.id}`);
  });
});
