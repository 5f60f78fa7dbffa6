// A runner on a database that the demo has left up, with its page; a process of its own, until it is told to end or the
// database is gone.
import { setInterval } from 'node:timers/promises';
import { createDashboard } from '@jobsweep/dashboard';
import { createRunner, dashboardSource } from '@jobsweep/runner';
import { serveHttp } from '@jobsweep/runner/observe';
import { withStore } from '../adapters/adapter.js';
import { demoStrategies } from '../strategies.js';
import type { PageRequest } from './start-page.js';

const LOOK_MS = 5000;
/** Looks at a database that does not answer before it counts as gone. */
const MISSED_LOOKS = 12;

const { pair, url, locale, purge } = JSON.parse(process.env.DEMO_PAGE ?? '{}') as PageRequest;
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());

await withStore(pair, url, async (store) => {
  const strategies = demoStrategies(store, { locale, purge, logger: undefined });
  const runner = createRunner({ store, strategies, locale });
  const page = createDashboard(dashboardSource(store, strategies, { locale }), { authorize: () => true, hosts: [] });
  const server = await serveHttp(runner, { port: 0, page });
  await runner.start();
  process.send?.(server.port);
  let missed = 0;
  try {
    for await (const _look of setInterval(LOOK_MS, undefined, { signal: ending.signal })) {
      missed = runner.status().isReady ? 0 : missed + 1;
      if (missed === MISSED_LOOKS) break;
    }
  } catch {
    // Somebody has ended it.
  }
  await runner.stop({ graceSeconds: 1 });
  await server.close();
});
process.exit();
