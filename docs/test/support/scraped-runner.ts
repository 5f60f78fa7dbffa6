import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import { createRunner } from '@jobsweep/runner';
import { createMetrics, serveHttp } from '@jobsweep/runner/observe';
import createKnex from 'knex';

/** Starts a runner on a database, waits until every strategy had a pass and a look at its backlog, one of them after it waited, and asks `/metrics`. */
export async function scrapeRunner(url: string | undefined): Promise<string> {
  if (url === undefined) throw new Error('There is no database');
  const knex = createKnex({ client: 'pg', connection: url, pool: { min: 0, max: 4 } });
  try {
    const store = knexStore(knex);
    await store.ownTables.create();
    const strategies = createStrategies(store, { old_job_cleanup: { enabled: true } });
    const names = strategies.flatMap(({ name, enabled, metadata }) =>
      (enabled ?? metadata.enabledByDefault) ? [name] : [],
    );
    let isBusy = true;
    const query = async () => {
      const number = isBusy ? 1 : 0;
      isBusy = false;
      return number;
    };
    const runner = createRunner({
      pacing: { probe: { query, above: 0, everySeconds: 0.1 } },
      store,
      strategies,
      schedules: Object.fromEntries(names.map((name) => [name, { intervalSeconds: 0.1 }])),
    });
    const looks = waitFor(names);
    const totals: typeof store.inspect.totals = async (rule, options) => {
      const found = await store.inspect.totals(rule, options);
      looks.had(rule.name);
      return found;
    };
    const metrics = createMetrics(runner, { inspect: { totals } });
    const server = await serveHttp(runner, { port: 0, metrics });
    try {
      await looks.all;
      const passes = waitFor(names);
      runner.on('pass:end', ({ strategy, report }) => {
        if (report.status === 'done') passes.had(strategy);
      });
      await runner.start();
      await passes.all;
      const answer = await fetch(`http://${server.host}:${server.port}/metrics`);
      return await answer.text();
    } finally {
      await runner.stop();
      metrics.close();
      await server.close();
    }
  } finally {
    await knex.destroy();
  }
}

function waitFor(names: readonly string[]) {
  const missing = new Set(names);
  let resolve: () => void = () => {};
  const all = new Promise<void>((done) => {
    resolve = done;
  });
  return {
    all,
    had(name: string) {
      missing.delete(name);
      if (missing.size === 0) resolve();
    },
  };
}
