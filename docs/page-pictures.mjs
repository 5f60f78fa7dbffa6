// Takes the pictures of the page in docs/images: of the demo's cluster, damaged and repaired once more a number of times. The
// passes are real ones; only their times are spread over a day, so that there is a history to be seen.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import { createRunner } from '@jobsweep/runner';
import createKnex from 'knex';
import { chromium } from 'playwright-core';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const ROUNDS = 60;
const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);
const WIDE = { viewport: { width: 1240, height: 860 }, locale: 'en-GB', colorScheme: 'light', timezoneId: 'UTC' };
const PICTURES = [
  ['page-now', '#/now', WIDE],
  ['page-history', '#/history', WIDE],
  ['page-pass', 'pass', WIDE],
  ['page-now-zh-cn', '#/now', { ...WIDE, locale: 'zh-CN', colorScheme: 'dark' }],
];

const LEAK = `update resource_allocations set status = 'ALLOCATED', released_time = null where id in
  (select a.id from resource_allocations a join jobs j on j.id = a.job_id where j.state = 'COMPLETED'
    and j.end_time > (select max(end_time) from jobs) - interval '3 days' order by random() limit ?)`;
const STICK = `update jobs set state = 'RUNNING', end_time = null, start_time = now() - random() * interval '9 days' - interval '2 days'
  where id in (select id from jobs where state = 'FAILED' order by random() limit ?)`;
const SPREAD = `update jobsweep_history set started_at = now() - (select count(*) from jobsweep_history later where later.id > jobsweep_history.id)
  * interval '23 minutes' - interval '40 seconds'`;

const demo = await new Promise((resolve, reject) => {
  const child = spawn(process.execPath, [at('../apps/demo/dist/cli.js'), '--keep'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  child.on('close', (status) => (status === 0 ? resolve(printed) : reject(new Error(printed))));
});
const [, url] = /^ {2}(postgres:\S+)$/m.exec(demo);
const [, stop] = /^ {2}(kill .*)$/m.exec(demo);
const [, page] = /^ {2}(http:\S+)$/m.exec(demo);
try {
  await work();
  await photograph();
} finally {
  execFileSync('sh', ['-c', stop]);
}

async function work() {
  const knex = createKnex({ client: 'pg', connection: url, pool: { min: 0, max: 2 } });
  const store = knexStore(knex);
  const runner = createRunner({ store, strategies: createStrategies(store), breaker: false });
  for (let round = 0; round < ROUNDS; round += 1) {
    await knex.raw(LEAK, [1 + Math.round(20 * (1 + Math.sin(round / 6)) * Math.random())]);
    if (round % 7 === 0) await knex.raw(STICK, [1 + (round % 4)]);
    await runner.runOnce({ only: ['completed_job_cleanup', ...(round % 7 === 0 ? ['stuck_job_cleanup'] : [])] });
  }
  await knex.raw(SPREAD);
  await runner.stop();
  await knex.destroy();
}

async function photograph() {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ args, executablePath: CHROMIUM });
  for (const [name, view, look] of PICTURES) {
    const context = await browser.newContext(look);
    const tab = await context.newPage();
    await tab.goto(page + (view === 'pass' ? '#/history' : view));
    if (view === 'pass') {
      await tab.locator('.passes tr', { hasText: 'stuck_job_cleanup' }).first().getByRole('link').click();
      await tab.locator('.changes').waitFor();
    }
    await tab.locator('table, .charts').first().waitFor();
    await tab.waitForFunction(
      () => document.querySelector('.loading') === null && !/counting|统计中/.test(document.body.textContent),
    );
    await tab.mouse.move(0, 0);
    await tab.screenshot({ path: at(`images/${name}.png`) });
    await context.close();
  }
  await browser.close();
}
