import { type CleanupStore, type CleanupStrategy, createStrategies, runPass, Undo } from '@jobsweep/core';
import type { AllocationRow, Application, Cluster, JobRow, Tables } from '../cluster.js';
import { claimed } from '../service/turns.js';
import { type Random, randomOf } from './random.js';
import { isUnreleased, LIMITS } from './rules.js';
import { Times } from './times.js';

/** What came of passes that were taken back while an application went on booking. */
export interface UndoRacesReport {
  /** Transactions of the application. */
  readonly interleavings: number;
  /** Rows that a strategy failed or released, and those of them that were put back, and left. */
  readonly repaired: number;
  readonly undone: number;
  readonly left: number;
  readonly seconds: number;
  /** Times that two allocations held one resource. */
  readonly doubleBooked: number;
  /** Changes of the application that were lost, and whatever else the rules do not allow. */
  readonly violations: readonly string[];
}

const WORKERS = 4;
const JOBS_EACH = 6;
/** Fewer than jobs, so that there is something to fight for. */
const RESOURCES = 12;
const HOLDER_OF_NOTHING = '9999';
const TERM_SECONDS = 600;
/** So much longer it may take until a row was put back, and one was left. */
const MOST_TIMES_LONGER = 20;
const BATCH_ROWS = 5;
const STUCK = 'stuck_job_cleanup';

const resourceOf = (number: number): string => `gpu-${number}`;
/** An allocation of each resource that is always released: whoever books the resource locks it first. */
const anchorOf = (number: number): string => String(900_000 + number);

/**
 * Runs an application of several workers that book resources, a store whose strategy fails their jobs, and one that takes
 * back what passes did, on a cluster that is empty; and judges that no resource is booked twice and no change is lost.
 *
 * @param interleavings so many transactions of the application at least.
 */
export async function runUndoRaces<Session extends object>(
  cluster: Cluster<Session>,
  { interleavings, seed }: { readonly interleavings: number; readonly seed: number },
): Promise<UndoRacesReport> {
  const random = randomOf(seed);
  const times = new Times(new Date(await cluster.now()), random);
  const judge = new Judge();
  const startedMs = performance.now();
  const store = cluster.store({ schema: { allocations: { columns: { resource: 'note' } } } });
  await store.ownTables.create();
  await cluster.seed({
    jobs: [{ id: HOLDER_OF_NOTHING, name: 'anchor', state: 'COMPLETED', endTime: times.fresh() }],
    allocations: Array.from({ length: RESOURCES }, (_each, index) => {
      return { id: anchorOf(index), jobId: HOLDER_OF_NOTHING, status: 'RELEASED', note: resourceOf(index) };
    }),
  });
  const applications = await Promise.all(Array.from({ length: WORKERS }, () => cluster.connect()));
  const jobIds = [HOLDER_OF_NOTHING, ...applications.flatMap((_each, worker) => idsOf(worker + 1))];
  const workers = applications.map(
    (application, index) => new Booker(application, index + 1, jobIds, { random, times, judge }),
  );
  const operator = new Operator(store, random, judge);
  let done = 0;
  try {
    let isOver = false;
    // Where the server is slow the workers may be done before anything was put back.
    const isEnough = () => done >= (operator.hasSeenBoth ? 1 : MOST_TIMES_LONGER) * interleavings;
    const work = async (worker: Booker) => {
      while (!isEnough()) {
        done += 1;
        await worker.act();
      }
    };
    const working = Promise.all(workers.map(work)).finally(() => {
      isOver = true;
    });
    const operating = async () => {
      do await operator.act();
      while (!isOver);
    };
    await Promise.all([working, operating()]);
    judge.look(await cluster.read());
  } finally {
    await Promise.all(applications.map((application) => application.close()));
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const { doubleBooked, violations } = judge;
  return { interleavings: done, ...operator.totals, seconds, doubleBooked, violations };
}

const idsOf = (worker: number): string[] =>
  Array.from({ length: JOBS_EACH }, (_each, index) => String(worker * 100 + index));

/** Whether what was seen may be. */
class Judge {
  doubleBooked = 0;
  readonly violations: string[] = [];

  look({ allocations }: Pick<Tables, 'allocations'>): void {
    for (let number = 0; number < RESOURCES; number += 1) {
      const holders = allocations.filter((row) => row.note === resourceOf(number) && isUnreleased(row));
      if (holders.length < 2) continue;
      this.doubleBooked += 1;
      this.violations.push(`${resourceOf(number)} is held by ${holders.map(({ id }) => id).join(' and ')}`);
    }
  }

  /** What became of a job since its worker left it: jobsweep fails it, or takes that back, and nothing else. */
  compare(before: JobRow | undefined, now: JobRow | undefined): void {
    if (before === undefined) return;
    if (now === undefined) {
      this.violations.push(`Job ${before.id} is gone`);
      return;
    }
    const { state, endTime, errorMsg, exitCode } = isOfARun(before) && isOfARun(now) ? now : before;
    const expected = { ...before, state, endTime, errorMsg, exitCode };
    if (JSON.stringify(expected) === JSON.stringify(now)) return;
    this.violations.push(`Job ${before.id} was ${JSON.stringify(before)} and is ${JSON.stringify(now)}`);
  }
}

/** Whether a job runs, or was failed by jobsweep while it did: one becomes the other and back. */
const isOfARun = ({ state, endTime, errorMsg, exitCode }: JobRow): boolean =>
  state === 'RUNNING' ? endTime === null && errorMsg === null : state === 'FAILED' && exitCode === '-2:0';

/** A worker of the application: it starts its jobs on resources that nobody holds, and ends them. */
class Booker {
  private readonly left = new Map<string, JobRow>();
  private nextAllocation: number;

  constructor(
    private readonly application: Application,
    private readonly number: number,
    private readonly allJobs: readonly string[],
    private readonly tools: { readonly random: Random; readonly times: Times; readonly judge: Judge },
  ) {
    this.nextAllocation = number * 1000;
  }

  async act(): Promise<void> {
    const { random, judge } = this.tools;
    const id = random.among(idsOf(this.number) as [string, ...string[]]);
    const resource = random.upTo(RESOURCES) - 1;
    const { before, after, all } = await this.application.transaction(async () => {
      await this.application.lock('allocations', anchorOf(resource));
      await this.application.lock('jobs', id);
      const all = await this.allOf(resource);
      const before = all.jobs.find((job) => job.id === id);
      const held = all.allocations.filter((row) => row.jobId === id && isUnreleased(row));
      return { before, after: await this.change(id, before, held, resource, all), all };
    });
    // Only of this resource nobody can have changed anything meanwhile.
    judge.look({ allocations: all.allocations.filter(({ note }) => note === resourceOf(resource)) });
    judge.compare(this.left.get(id), before);
    if (after !== undefined) this.left.set(id, after);
  }

  /** All rows, those of a resource locked: a worker's duty, before it books it. */
  private async allOf(resource: number): Promise<Tables> {
    const { allocations } = await this.application.find(this.allJobs);
    for (const { id, note } of allocations) {
      if (note === resourceOf(resource)) await this.application.lock('allocations', id);
    }
    return this.application.find(this.allJobs);
  }

  private async change(
    id: string,
    job: JobRow | undefined,
    held: readonly AllocationRow[],
    resource: number,
    { allocations }: Tables,
  ): Promise<JobRow | undefined> {
    const { times } = this.tools;
    if (job === undefined) {
      const name = `job ${id}`;
      await this.application.act({ table: 'jobs', insert: { id, name, state: 'PENDING' } });
      return undefined;
    }
    if (job.state === 'RUNNING') {
      const set = { state: 'COMPLETED', endTime: times.fresh(), exitCode: '0:0' };
      await this.expectOne({ table: 'jobs', where: { id, state: 'RUNNING' }, set });
      for (const each of held) {
        const released = { status: 'RELEASED', releasedTime: times.fresh() };
        await this.expectOne({ table: 'allocations', where: { id: each.id }, set: released });
      }
      return { ...job, ...set };
    }
    const isFree = !allocations.some((row) => row.note === resourceOf(resource) && isUnreleased(row));
    if (!isFree || held.length > 0) return job;
    // Stuck from its beginning, so that there is always something to fail.
    const set = { state: 'RUNNING', startTime: times.old(), endTime: null, errorMsg: null, exitCode: null };
    await this.expectOne({ table: 'jobs', where: { id }, set });
    this.nextAllocation += 1;
    const booked = { id: String(this.nextAllocation), jobId: id, status: 'ALLOCATED', note: resourceOf(resource) };
    await this.application.act({ table: 'allocations', insert: { ...booked, allocationTime: times.fresh() } });
    return { ...job, ...set };
  }

  private async expectOne(change: Parameters<Application['act']>[0]): Promise<void> {
    const changed = await this.application.act(change);
    if (changed !== 1) this.tools.judge.violations.push(`${JSON.stringify(change)} changed ${changed} rows`);
  }
}

/** Runs the strategy, and takes back some of its passes. */
class Operator<Session extends object> {
  readonly totals = { repaired: 0, undone: 0, left: 0 };
  private readonly strategy: CleanupStrategy<Session>;
  private passes: readonly string[] = [];

  constructor(
    private readonly store: CleanupStore<Session>,
    private readonly random: Random,
    private readonly judge: Judge,
  ) {
    const [strategy] = createStrategies(store, { stuck_job_cleanup: { maxAgeHours: LIMITS.maxAgeHours } }).filter(
      ({ name }) => name === STUCK,
    );
    if (strategy === undefined) throw new Error(`There is no ${STUCK}`);
    this.strategy = strategy;
  }

  /** Whether a row was put back, and one was left. */
  get hasSeenBoth(): boolean {
    return this.totals.undone > 0 && this.totals.left > 0;
  }

  async act(): Promise<void> {
    const { pass, itemsCleaned } = await this.run(this.strategy);
    this.totals.repaired += itemsCleaned;
    if (itemsCleaned > 0) this.passes = [...this.passes.slice(-5), pass];
    if (this.random.upTo(3) === 1 || this.passes.length === 0) return;
    const undone = this.random.among(this.passes as [string, ...string[]]);
    const undo = new Undo(this.store.changes, { pass: undone, strategy: STUCK });
    this.totals.undone += (await this.run(undo, undo.settled)).itemsCleaned;
    this.totals.left += undo.left.list().reduce((sum, { rows }) => sum + rows, 0);
  }

  private async run(strategy: CleanupStrategy<Session>, onBatch?: () => void) {
    const { claims } = this.store;
    const claim = await claimed(claims, { strategy: STUCK, holder: 'operator', termSeconds: TERM_SECONDS });
    const options = { claim: { ...claim, place: null }, batchRows: BATCH_ROWS, pauseFraction: 0, onBatch };
    const { itemsCleaned, error, blocked } = await runPass(this.store, strategy, options);
    await claims.release(claim, { empty: true, place: null });
    if (error !== undefined) this.judge.violations.push(`${strategy.description} failed: ${error.message}`);
    for (const { id, message } of blocked) this.judge.violations.push(`${id} is blocked: ${message}`);
    return { pass: claim.pass, itemsCleaned };
  }
}
