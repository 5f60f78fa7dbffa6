import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import { startProxy } from '@jobsweep/test-engines';
import createKnex from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';
import { CHROMIUM, expectAccessible, useBrowser } from './support/browser.js';
import { type Cluster, openCluster, PAGE_ENGINES, seed, serve } from './support/served.js';

const TOKEN = 'correct horse battery';
const SEEN = '<img src=x onerror="alert(1)"><script>alert(2)</script>\\u{202e}\\u{1b}[2J';

describe.skipIf(CHROMIUM === undefined)('In Chromium', () => {
  const browser = useBrowser();

  describe.each(PAGE_ENGINES)('the page on %s', (engine) => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await openCluster(engine, `runner browser ${engine}`);
    });
    afterAll(() => cluster.close());
    beforeEach(() => seed(cluster));

    /** A store whose strategies have had their turns once. */
    const repaired = async () => {
      const store = cluster.store();
      await store.ownTables.create();
      const runner = createRunner({ store, strategies: createStrategies(store), claims: 'required' });
      await runner.runOnce();
      await runner.stop();
      return store;
    };

    test('shows in each view what is in the database, and nothing of it as markup', async () => {
      const url = await serve(await repaired());
      const { page, offences } = await browser.open(url);
      await page.getByRole('heading', { name: 'All is well' }).waitFor();
      await page.getByRole('row', { name: /Releases resources.*released 1/ }).waitFor();
      await expectAccessible(page);

      await page.getByRole('link', { name: 'History', exact: true }).click();
      await page.getByText('1 row in 1 pass').first().waitFor();
      await page.getByRole('img', { name: /Time to heal: mean 2 h/ }).waitFor();
      await expectAccessible(page);

      await page
        .getByRole('row', { name: /stuck_job_cleanup/ })
        .getByRole('link')
        .click();
      await page.getByRole('heading', { name: 'A pass of stuck_job_cleanup' }).waitFor();
      await page
        .getByRole('listitem')
        .filter({ hasText: /state RUNNING → FAILED/ })
        .waitFor();
      await page.getByText(/^jobsweep undo \S+$/).waitFor();
      await expectAccessible(page);
      // The address is the view.
      await page.reload();
      await page.getByRole('heading', { name: 'A pass of stuck_job_cleanup' }).waitFor();

      await page.getByRole('link', { name: 'Doctor' }).click();
      await page.getByRole('heading', { name: 'What was looked at' }).waitFor();
      await expectAccessible(page);
      expect(offences).toEqual([]);
    });

    test('shows what would be done, whatever jobs are called, in Chinese and in the dark too', async () => {
      await cluster.store().ownTables.create();
      const url = await serve(cluster.store());
      const { page, offences } = await browser.open(`${url}#/plan`, { locale: 'zh-CN', colorScheme: 'dark' });
      await page.getByText(SEEN).waitFor();
      await page.getByRole('heading', { name: '计划' }).waitFor();
      expect(await page.locator('#page img[src="x"], #page script').count()).toBe(0);
      await expectAccessible(page);

      await page.getByLabel('语言').selectOption('en');
      await page.getByLabel('Look').selectOption('light');
      await page.reload();
      await page.getByRole('heading', { name: 'Plan', exact: true }).waitFor();
      await expectAccessible(page);
      expect(offences).toEqual([]);
    });

    test('shows a pass under way, and how far it has come', async () => {
      const store = cluster.store();
      await store.ownTables.create();
      const request = { strategy: 'stuck_job_cleanup', holder: 'node-7:4711', termSeconds: 60 };
      const answer = await store.claims.acquire(request);
      if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
      const { claim } = answer;
      const counts = { itemsFound: 400, itemsContended: 0, itemsPassedOver: 0, itemsBlocked: 0, batches: 3 };
      await store.transaction(async (session) => {
        await store.claims.hold(session, claim);
        await store.claims.advance(session, claim, { itemsCleaned: 345, ...counts, place: null });
      });
      const { page } = await browser.open(await serve(store));
      await page.getByRole('row', { name: /stuck_job_cleanup · working .*node-7, for .*345 so far/ }).waitFor();
      await expectAccessible(page);
    });

    test('asks for the token, tells a wrong one, and keeps the right one while the tab is open', async () => {
      const url = await serve(await repaired(), { token: TOKEN });
      const { page, offences } = await browser.open(`${url}#/history`);
      for (const wrong of ['wrong', `${TOKEN}r`]) {
        await page.getByLabel('Token', { exact: true }).fill(wrong);
        await page.getByRole('button', { name: 'Open' }).click();
        await page.getByText('That is not the token.').waitFor();
      }
      for (const unusable of ['密码密码密码密码密码密码密码密码', 'x'.repeat(9000)]) {
        await page.getByLabel('Token', { exact: true }).fill(unusable);
        await page.getByRole('button', { name: 'Open' }).click();
        await page.getByText('No token is like that').waitFor();
        await page.reload();
      }
      await expectAccessible(page);
      expect(await page.locator('table').count()).toBe(0);
      await page.getByLabel('Token', { exact: true }).fill(TOKEN);
      await page.keyboard.press('Enter');
      await page.getByText('1 row in 1 pass').first().waitFor();
      await page.reload();
      await page.getByText('1 row in 1 pass').first().waitFor();
      expect(page.url()).not.toContain(TOKEN);
      expect(offences).toEqual([]);
    });

    test('is whole on a phone, and goes by keyboard', async () => {
      const url = await serve(await repaired());
      const { page, offences } = await browser.open(url, { viewport: { width: 360, height: 740 } });
      for (const view of ['now', 'history', 'plan', 'doctor']) {
        await page.goto(`${url}#/${view}`);
        await page.locator(`nav a[href="#/${view}"][aria-current]`).waitFor();
        await expect.poll(() => page.locator('.loading').count()).toBe(0);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      }
      await page.reload();
      await page.locator('.checks').waitFor();
      for (let tabs = 0; tabs < 4; tabs += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'History', exact: true }).waitFor();
      await expectAccessible(page);
      expect(offences).toEqual([]);
    });
  });

  describe.runIf(PAGE_ENGINES.includes('postgres'))('the page of a database that goes away', () => {
    const cluster = useCluster();

    test('says so, keeps what it knew, and goes on when it is back', async () => {
      await cluster.damageWithOwnTables();
      const proxy = await startProxy({ target: cluster.url });
      const knex = createKnex({ client: 'pg', connection: proxy.url, pool: { min: 0, max: 2 } });
      onTestFinished(async () => {
        await knex.destroy();
        await proxy.close();
      });
      const { port } = new URL(cluster.url);
      const url = await serve(knexStore(knex));
      const { page, offences } = await browser.open(url);
      await page.getByRole('row', { name: /stuck_job_cleanup.*14/ }).waitFor();

      proxy.retarget({ host: '127.0.0.1', port: 1 });
      proxy.cut();
      await page.getByRole('alert').filter({ hasText: 'CONNECTION_LOST' }).waitFor({ timeout: 25_000 });
      await page.getByText('What you see is from').waitFor();
      await page.getByRole('row', { name: /stuck_job_cleanup.*14/ }).waitFor();
      await expectAccessible(page);

      proxy.retarget({ host: '127.0.0.1', port: Number(port) });
      await page.getByRole('alert').waitFor({ state: 'detached', timeout: 25_000 });
      expect(offences).toEqual([]);
    });
  });
});
