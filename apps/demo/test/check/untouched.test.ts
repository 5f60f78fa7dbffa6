import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isFinished, isOld, isStale, isStuck, isUnreleased } from '../../src/check/rules.js';
import { Snapshot } from '../../src/check/snapshot.js';
import { survey } from '../../src/check/survey.js';
import { checkUntouched } from '../../src/check/untouched.js';
import type { AllocationRow, Holding, JobRow } from '../../src/cluster/rows.js';
import { MICROS_PER_SECOND } from '../../src/cluster/times.js';
import { damageCluster, type Survivors } from '../../src/damage/apply.js';
import { defaultDamage } from '../../src/damage/options.js';
import type { SurvivorKind } from '../../src/damage/plan.js';
import { temporaryFolder } from '../support/files.js';
import { sampleLog } from '../support/logs.js';
import { importFile, MemoryDatabase } from '../support/memory.js';
import { allocation, job } from '../support/rows.js';

const folder = temporaryFolder();
const SIX_HOURS = 21_600;
const DAY = 86_400 * MICROS_PER_SECOND;

const LOGGED = 240;
const SIBLINGS = 4;
const ADDED = defaultDamage.reservations + defaultDamage.longJobs + defaultDamage.healthyJobs + SIBLINGS;
const JOBS = LOGGED + ADDED;
const ALLOCATIONS = JOBS + SIBLINGS;

const damaged = new MemoryDatabase();
let snapshot: Snapshot;
let startedAt: number;
let survivors: Survivors;
/** When the pass of a test writes. */
let now: number;
let database: MemoryDatabase;

// A cluster of sixty days. Each test changes a copy of it.
beforeAll(async () => {
  const { ids } = await importFile(damaged, await folder.write('log.swf', sampleLog(LOGGED, SIX_HOURS)));
  survivors = await damageCluster(damaged, ids, { ...defaultDamage, leakedPercent: 10, siblingJobs: SIBLINGS });
  snapshot = await Snapshot.open();
  startedAt = await damaged.now();
  now = startedAt + MICROS_PER_SECOND;
  await survey(damaged, snapshot, survivors, startedAt);
});
beforeEach(() => {
  database = damaged.copy();
});
afterAll(() => snapshot.close());

async function check(purge = false) {
  const pass = { startedAt, endedAt: now + MICROS_PER_SECOND, purge };
  return (await checkUntouched(database, snapshot, survivors, pass)).untouched;
}

const changeJob = (id: number, change: Partial<JobRow>) =>
  database.jobs.set(id, { ...(database.jobs.get(id) ?? job(id)), ...change });
const changeAllocation = (id: number, change: Partial<AllocationRow>) =>
  database.allocations.set(id, { ...(database.allocations.get(id) ?? allocation(id, id)), ...change });

const release = (held: AllocationRow) => changeAllocation(held.id, { status: 'RELEASED', releasedTime: now });
const fail = ({ jobId, allocations }: Holding, errorMsg: string, exitCode: string) => {
  changeJob(jobId, { state: 'FAILED', endTime: now, errorMsg, exitCode });
  allocations.filter(isUnreleased).forEach(release);
};

/** A pass as the rules have it, written by hand. */
function repair() {
  for (const holding of database.all) {
    if (isFinished(holding.job)) holding.allocations.filter(isUnreleased).forEach(release);
    else if (holding.allocations.some((held) => isStale(held, holding, now))) fail(holding, 'timed out', '-3:0');
    else if (isStuck(holding.job, now)) fail(holding, 'endless', '-2:0');
  }
}

/** Takes jobs away with all that they hold. */
function purge(which: (job: JobRow) => boolean) {
  for (const { jobId, job, allocations } of database.all) {
    if (job === undefined || !which(job)) continue;
    database.jobs.delete(jobId);
    for (const { id } of allocations) database.allocations.delete(id);
  }
}

/** The first job of a kind, as it was before the pass. */
const firstJob = (which: (holding: Holding) => boolean) => damaged.all.find(which)?.jobId ?? 0;
const finished = () => firstJob(({ job }) => job?.state === 'COMPLETED' && (job.endTime ?? 0) > now - 20 * DAY);
const old = () => firstJob(({ job }) => isOld(job, now));
const stuck = () => firstJob(({ job }) => isStuck(job, now));
const stale = () => firstJob((holding) => holding.allocations.some((held) => isStale(held, holding, now)));
const leaked = () =>
  firstJob(({ job, allocations: [held] }) => job?.state === 'COMPLETED' && held?.status === 'ALLOCATED');

/** The allocation of a job that has one: they share their id in a log. */
const heldBy = (jobId: number) => damaged.all.find((each) => each.jobId === jobId)?.allocations[0]?.id ?? 0;

describe('allowed is', () => {
  test('a pass that does nothing', async () => {
    expect(await check()).toMatchObject({ untouched: true, violations: 0, compared: JOBS + ALLOCATIONS });
  });

  test('a pass that repairs what is due', async () => {
    repair();
    expect(await check()).toMatchObject({ untouched: true, first: [] });
  });

  test('a purge of old jobs, where one was asked for', async () => {
    repair();
    purge((job) => isOld(job, now));
    expect(await check(true)).toMatchObject({ untouched: true, first: [] });
    expect(await check(false)).toMatchObject({ untouched: false });
  });
});

describe('a fence, which MongoDB has in its jobs,', () => {
  const raise = (id: number, fence: unknown = 1) => changeJob(id, { fence } as Partial<JobRow>);

  test('may go up where the pass relied on the job', async () => {
    repair();
    for (const id of [leaked(), stale(), stuck()]) raise(id);
    expect(await check()).toMatchObject({ untouched: true });
  });

  test.each<[string, () => number, unknown]>([
    ['go up where it had no business', finished, 1],
    ['go down', leaked, 0],
    ['be something else', leaked, 'up'],
  ])('may not %s', async (_, which, fence) => {
    raise(which(), fence);
    expect(await check()).toMatchObject({ untouched: false, violations: 1 });
  });
});

describe('after a pass that repairs what is due, it is seen when', () => {
  beforeEach(repair);

  test.each<[string, () => number, (job: JobRow) => Partial<JobRow>]>([
    ['one character is longer', finished, ({ name }) => ({ name: `${name} ` })],
    ['a time moved by a microsecond', finished, ({ endTime }) => ({ endTime: (endTime ?? 0) + 1 })],
    ['a NULL became an empty text', finished, () => ({ errorMsg: '' })],
    ['a value became NULL', finished, () => ({ queue: null })],
    ['a repaired job lost another column', stuck, () => ({ processors: 99 })],
    ['a repaired job started later', stuck, () => ({ startTime: now })],
    ['a repaired job ended at another time', stuck, () => ({ endTime: now - DAY })],
    ['a repaired job has no message', stuck, () => ({ errorMsg: null })],
    ['a repaired job has an empty message', stuck, () => ({ errorMsg: '' })],
    ["a stuck job has the stale one's exit code", stuck, () => ({ exitCode: '-3:0' })],
    ["a stale job has the stuck one's exit code", stale, () => ({ exitCode: '-2:0' })],
    ['a repaired job has a column that nobody made', stuck, () => ({ extra: 1 }) as Partial<JobRow>],
  ])('%s', async (_, which, mistake) => {
    const found = database.jobs.get(which());
    if (found === undefined) throw new Error('no such job');
    changeJob(found.id, mistake(found));
    expect(await check()).toMatchObject({
      untouched: false,
      violations: 1,
      first: [{ table: 'jobs', id: String(found.id), what: 'changed' }],
    });
  });

  test.each<[string, () => number, () => Partial<AllocationRow>]>([
    ['a released allocation moved to another node', leaked, () => ({ node: 'x' })],
    ['it was released at no time', leaked, () => ({ releasedTime: null })],
    ['it got an unknown status', leaked, () => ({ status: 'GONE' })],
    ['a released one was released again', finished, () => ({ releasedTime: now })],
  ])('%s', async (_, which, mistake) => {
    changeAllocation(heldBy(which()), mistake());
    const first = [{ table: 'resource_allocations', what: 'changed' }];
    expect(await check()).toMatchObject({ untouched: false, violations: 1, first });
  });

  test.each<[SurvivorKind]>([['healthy'], ['fresh'], ['sibling'], ['requeued']])(
    'a job that must survive was failed (%s)',
    async (kind) => {
      const id = survivors[kind][0] ?? 0;
      changeJob(id, { state: 'FAILED', endTime: now, errorMsg: 'x', exitCode: '-3:0' });
      const first = [{ table: 'jobs', id: String(id), what: 'changed' }];
      expect(await check()).toMatchObject({ untouched: false, violations: 1, first });
    },
  );

  test.each<[SurvivorKind]>([['healthy'], ['fresh'], ['sibling'], ['requeued']])(
    'an allocation that must survive was released (%s)',
    async (kind) => {
      changeAllocation(heldBy(survivors[kind][0] ?? 0), { status: 'RELEASED', releasedTime: now });
      expect(await check()).toMatchObject({ untouched: false, violations: 1 });
    },
  );

  test('a job that timed out runs on without its reservation', async () => {
    const before = damaged.jobs.get(stale());
    if (before !== undefined) database.jobs.set(before.id, before);
    const first = [{ table: 'resource_allocations', what: 'changed' }];
    expect(await check()).toMatchObject({ untouched: false, violations: 1, first });
  });

  test('a row is missing', async () => {
    database.allocations.delete(heldBy(finished()));
    const first = [{ table: 'resource_allocations', what: 'missing' }];
    expect(await check(true)).toMatchObject({ untouched: false, violations: 1, first });
  });

  test('a purge took the allocation of an old job and left the job', async () => {
    database.allocations.delete(heldBy(old()));
    expect(await check(true)).toMatchObject({ untouched: false, violations: 1 });
  });

  test('a purge took an old job and left its allocation', async () => {
    database.jobs.delete(old());
    const first = [{ table: 'jobs', what: 'missing' }];
    expect(await check(true)).toMatchObject({ untouched: false, violations: 1, first });
  });

  test('a purge took a young job', async () => {
    purge(({ id }) => id === finished());
    const result = await check(true);
    expect(result).toMatchObject({ untouched: false, violations: 2 });
    expect(result.first.map(({ table, what }) => [table, what])).toEqual([
      ['jobs', 'missing'],
      ['resource_allocations', 'missing'],
    ]);
  });

  test('a row is new', async () => {
    await database.insert({ jobs: [job(9999)], allocations: [allocation(9999, 9999)] });
    expect(await check()).toEqual({
      untouched: false,
      compared: JOBS + ALLOCATIONS,
      violations: 2,
      first: [
        { table: 'jobs', id: '9999', what: 'new' },
        { table: 'resource_allocations', id: '9999', what: 'new' },
      ],
    });
  });

  test('many rows are wrong: all are counted, the first are named', async () => {
    for (const id of database.jobs.keys()) changeJob(id, { queue: 77 });
    const { violations, first } = await check();
    expect(violations).toBe(JOBS);
    expect(first).toHaveLength(3);
  });
});
