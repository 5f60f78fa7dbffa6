import { expect, test } from 'vitest';
import { Snapshot } from '../../src/check/snapshot.js';
import { survey } from '../../src/check/survey.js';
import { damageCluster } from '../../src/damage/apply.js';
import { defaultDamage } from '../../src/damage/options.js';
import { temporaryFolder } from '../support/files.js';
import { sampleLog } from '../support/logs.js';
import { importFile, MemoryDatabase } from '../support/memory.js';

const folder = temporaryFolder();
const HOUR = 3600e6;

async function damaged(seed: number) {
  const database = new MemoryDatabase();
  const { ids } = await importFile(database, await folder.write('log.swf', sampleLog(1000)));
  const damagedAt = await database.now();
  database.now = () => Promise.resolve(damagedAt);
  const survivors = await damageCluster(database, ids, { ...defaultDamage, seed });
  return { database, survivors, damagedAt };
}

/** Rows without the times that say when the test ran: ages instead, where the damage chose them. */
async function rowsOf(seed: number) {
  const { database, survivors, damagedAt } = await damaged(seed);
  const jobs = [...database.jobs.values()].map(({ submitTime: _, endTime, startTime, ...row }) => ({
    ...row,
    ended: endTime !== null,
    age: row.state === 'RUNNING' ? damagedAt - (startTime ?? 0) : null,
  }));
  const allocations = [...database.allocations.values()].map(({ allocationTime, releasedTime, ...row }) => ({
    ...row,
    released: releasedTime !== null,
    age: row.status === 'RELEASED' || row.jobId <= 1000 ? null : damagedAt - (allocationTime ?? 0),
  }));
  return { survivors, jobs, allocations };
}

test('the same seed does the same damage, another seed another', async () => {
  const [once, again, other] = [await rowsOf(5), await rowsOf(5), await rowsOf(6)];
  expect(again).toEqual(once);
  expect(other).not.toEqual(once);
  expect(once.jobs).toHaveLength(1000 + 200 + 50 + 60 + 20);
});

test('the damage is what the health says it is, and what must survive is there', async () => {
  const { database, survivors, damagedAt } = await damaged(1);
  const snapshot = await Snapshot.open();
  const state = await survey(database, snapshot, survivors, damagedAt);
  await snapshot.close();
  const running = [...database.jobs.values()].filter(({ state }) => state === 'RUNNING');
  const stuck = running.filter(({ startTime }) => damagedAt - (startTime ?? 0) > 47.5 * HOUR).length;
  expect(stuck).toBeGreaterThan(30);
  expect(state.health).toEqual({
    jobs: 1330,
    allocations: 1350,
    completedJobsWithUnreleasedResources: 30,
    staleReservations: 100,
    stuckJobs: stuck,
    oldJobs: 0,
  });
  expect(state.survivors).toEqual({ healthy: 60 + 50 - stuck, fresh: 100, sibling: 20, requeued: 20 });
});

test('a job that was queued again looks like one that leaks', async () => {
  const { database, survivors } = await damaged(1);
  const found = (await database.find(survivors.requeued)).map(({ job, allocations: [held] }) => {
    expect([job?.endTime, job?.exitCode]).not.toContain(null);
    expect(held?.releasedTime).toBe(null);
    return `${job?.state} ${held?.status}`;
  });
  const count = (kind: string) => found.filter((each) => each === kind).length;
  expect([count('PENDING RESERVED'), count('RUNNING ALLOCATED')]).toEqual([10, 10]);
});
