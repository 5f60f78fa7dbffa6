import { CompletedJobCleanupStrategy } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import createKnex from 'knex';
import { expect, onTestFinished, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { systemTiming } from '../../src/timing.js';
import { useCluster } from '../support/cluster.js';
import { recordingLogger } from '../support/fakes.js';

const cluster = useCluster();

test('A database that becomes read-only between two batches keeps the turn, and gets it when it takes writes again', async () => {
  await cluster.damage();
  const { rows } = await cluster.sql.query<{ name: string }>('select current_database() as name');
  const database = rows[0]?.name ?? '';
  const knex = createKnex({ client: 'pg', connection: cluster.url, pool: { min: 0, max: 3 } });
  onTestFinished(() => knex.destroy());
  const store = knexStore(knex);
  await store.ownTables.create();
  const strategy = new CompletedJobCleanupStrategy(store.repository, { intervalSeconds: 3600 });
  const logger = recordingLogger();
  const timing = { ...systemTiming, random: () => 0 };
  // Connections that are there already stay as they are: to take effect at once it cuts them, and nobody does so for the way back.
  const setReadOnly = async (value: 'on' | 'off') => {
    await cluster.sql.query(`alter database ${database} set default_transaction_read_only = ${value}`);
    if (value === 'off') return;
    const cut =
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()';
    await cluster.sql.query(cut, [database]);
  };
  let batches = 0;
  const runner = createRunner({
    ...{ store, strategies: [strategy], logger, timing, jitter: 0, batchRows: 1, pauseFraction: 0 },
    async onRepaired() {
      batches += 1;
      if (batches === 1) await setReadOnly('on');
    },
  });
  const isUnready = new Promise<void>((resolve) => {
    runner.on('error', ({ strategy }) => {
      if (strategy === null && runner.status().notReadyReason?.includes('SERVER_UNAVAILABLE')) resolve();
    });
  });
  const drained = new Promise<void>((resolve) => {
    runner.on('pass:end', ({ report }) => {
      if (report.pass?.stopReason === 'drained') resolve();
    });
  });
  await runner.start();
  await isUnready;
  expect(runner.status()).toMatchObject({
    isReady: false,
    notReadyReason: 'The database answers, and cannot do the work now (SERVER_UNAVAILABLE, 25006)',
  });
  await setReadOnly('off');
  await drained;
  await runner.stop();
  expect(batches).toBe(3);
  expect(logger.lines.filter((line) => /asking again|answers again/.test(line))).toHaveLength(2);
});
