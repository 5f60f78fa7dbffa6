import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import { beforeEach, expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';

const cluster = useCluster();

/** Passes that began so many days ago, which the note says. */
const PASSES = `
  insert into jobsweep_history (config, strategy, status, stop_reason, started_at, duration_ms, due_ms, longest_due_ms, items_cleaned, items_found,
    items_contended, items_passed_over, items_blocked, items_unknown, batches, blocked, host, holder, note)
  select $3, 'a', 'done', 'drained', clock_timestamp() - make_interval(days => $1), 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, '[]', 'h', 'h',
    $1 || ' days' from generate_series(1, $2)`;

beforeEach(() => cluster.damageWithOwnTables());

test('A runner prunes the passes of its config that are older than its days, however many, and keeps all others', async () => {
  for (const [days, passes] of [
    [400, 1500],
    [31, 700],
    [29, 5],
  ]) {
    await cluster.sql.query(PASSES, [days, passes, 'main']);
  }
  await cluster.sql.query(PASSES, [400, 1, 'another']);
  const store = knexStore(cluster.knex);
  const strategies = createStrategies(store).slice(0, 1);
  const runner = createRunner({ store, strategies, claims: 'required', historyDays: 30 });
  expect(await runner.runOnce()).toMatchObject({ ok: true });

  const { rows } = await cluster.sql.query(
    'select strategy, note, count(*)::int from jobsweep_history group by 1, 2 order by 1, 2',
  );
  expect(rows).toEqual([
    { strategy: 'a', note: '29 days', count: 5 },
    { strategy: 'a', note: '400 days', count: 1 },
    { strategy: 'completed_job_cleanup', note: null, count: 1 },
  ]);
});
