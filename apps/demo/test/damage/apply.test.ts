import { beforeEach, expect, test } from 'vitest';
import { readHealth } from '../../src/check/health.js';
import { takeSnapshot } from '../../src/check/snapshot.js';
import { countSurvivors } from '../../src/check/survivors.js';
import { databaseTime } from '../../src/cluster/connection.js';
import { damageCluster } from '../../src/damage/apply.js';
import { defaultDamage } from '../../src/damage/options.js';
import { clusterDatabase } from '../support/cluster.js';
import { temporaryFolder } from '../support/files.js';
import { sampleLog } from '../support/logs.js';

const folder = temporaryFolder();
const cluster = clusterDatabase('damage');

beforeEach(() => cluster.clear());

async function damaged(seed: number) {
  await cluster.clear();
  await cluster.import(await folder.write('log.swf', sampleLog(1000)));
  const survivors = await damageCluster(cluster.client, { ...defaultDamage, seed });
  // Ages are counted from the end of the log, which lies as far from the damage in one run as in another, or nearly so.
  const jobs = `SELECT id, name, state, exit_code, processors, user_id, queue,
    CASE WHEN state = 'RUNNING' THEN round(extract(epoch FROM (SELECT max(start_time) FROM jobs) - start_time) * 1000) END AS age
    FROM jobs ORDER BY id`;
  const held = `SELECT id, job_id, status, node,
    CASE WHEN status <> 'RELEASED' AND job_id > 1000
      THEN round(extract(epoch FROM (SELECT max(allocation_time) FROM resource_allocations) - allocation_time) * 1000) END AS age
    FROM resource_allocations ORDER BY id`;
  return { survivors, jobs: await cluster.rows(jobs), allocations: await cluster.rows(held) };
}

test('the same seed does the same damage, another seed another', async () => {
  const [once, again, other] = [await damaged(5), await damaged(5), await damaged(6)];
  expect(again).toEqual(once);
  expect(other).not.toEqual(once);
  expect(once.jobs).toHaveLength(1000 + 200 + 50 + 60 + 20);
});

test('the damage is what the health says it is', async () => {
  const { jobs, survivors } = await damaged(1);
  const health = await readHealth(cluster.client, await databaseTime(cluster.client));
  const stuck = jobs.filter(({ age }) => Number(age) > 47.5 * 3_600_000).length;
  expect(stuck).toBeGreaterThan(30);
  expect(health).toEqual({
    jobs: 1330,
    allocations: 1350,
    completedJobsWithUnreleasedResources: 30,
    staleReservations: 100,
    stuckJobs: stuck,
    oldJobs: 0,
  });
  expect(survivors.healthy).toHaveLength(60 + 50 - stuck);
});

test('what must survive is there, and looks like what must not', async () => {
  const { survivors } = await damaged(1);
  await takeSnapshot(cluster.client);
  const { healthy, ...others } = await countSurvivors(cluster.client, survivors);
  expect(healthy).toBe(survivors.healthy.length);
  expect(others).toEqual({ fresh: 100, sibling: 20, requeued: 20 });
  const requeued = `SELECT j.state, a.status, count(*)::int AS jobs FROM jobs j JOIN resource_allocations a ON a.job_id = j.id
    WHERE j.id = ANY ($1::bigint[]) AND j.end_time IS NOT NULL AND a.released_time IS NULL GROUP BY 1, 2 ORDER BY 1`;
  expect(await cluster.rows(requeued, [survivors.requeued])).toEqual([
    { state: 'PENDING', status: 'RESERVED', jobs: 10 },
    { state: 'RUNNING', status: 'ALLOCATED', jobs: 10 },
  ]);
});
