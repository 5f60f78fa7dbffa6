import { createStrategies, runPass } from '@jobsweep/core';
import type { Cluster } from '../cluster.js';
import { Ledger } from './ledger.js';
import { randomOf } from './random.js';
import { LIMITS, MAX_TRIES, type RaceOptions, Rules } from './rules.js';
import { Times } from './times.js';
import { Worker } from './worker.js';

export interface RandomRaces extends RaceOptions {
  /** Transactions that the application makes in all while the strategies run. */
  readonly interleavings: number;
  /** The same seed makes the same choices; how they meet is up to the server. */
  readonly seed: number;
}

/** What came of it. */
export interface RandomRacesReport {
  readonly interleavings: number;
  /** Passes of a strategy that had something to do. */
  readonly passes: number;
  /** Rows that strategies repaired. */
  readonly repaired: number;
  /** Rows that were due when they were read, and not any more when they were locked. */
  readonly passedOver: number;
  /** Rows that others held. */
  readonly contended: number;
  readonly seconds: number;
  /** What the rules do not allow, row by row: a lost update is one of these. */
  readonly violations: readonly string[];
  /** What was still due at the end. */
  readonly leftDue: readonly string[];
}

const WORKERS = 4;
const JOBS_EACH = 12;
const STORES = 2;
const BATCH_ROWS = 7;

/**
 * Runs an application of several workers, and two stores with four strategies against it, on a cluster that is
 * empty; then lets the strategies finish alone, and judges all that happened.
 */
export async function runRandomRaces<Session extends object>(
  cluster: Cluster<Session>,
  { interleavings, seed, ...options }: RandomRaces,
): Promise<RandomRacesReport> {
  const random = randomOf(seed);
  const times = new Times(new Date(await cluster.now()), random);
  const { givesBack = false, ofWaiting = false, keepNewest = 0 } = options;
  const rules = new Rules(times.horizon, options);
  const ledger = new Ledger();
  const totals = { passes: 0, repaired: 0, passedOver: 0, contended: 0 };
  const applications = await Promise.all(Array.from({ length: WORKERS }, () => cluster.connect()));
  const workers = applications.map(
    (application, index) => new Worker(application, index + 1, JOBS_EACH, { random, rules, ledger, times }),
  );
  const startedMs = performance.now();

  const sweep = async (until: () => boolean) => {
    const store = cluster.store({
      filters: {
        // Nobody beats: a job counts from its start.
        ...(givesBack && { ageColumn: 'heartbeat' }),
        ...(keepNewest > 0 && { keepNewest: { count: keepNewest, per: { column: 'note' } } }),
      },
    });
    const requeue = givesBack ? { requeue: { triesColumn: 'tenant', maxTries: MAX_TRIES } } : {};
    const jobStates = ofWaiting ? { jobStates: ['RUNNING', 'PENDING'] as const } : {};
    const strategies = createStrategies(store, {
      stale_reservation_cleanup: { maxAgeMinutes: LIMITS.maxAgeMinutes, ...jobStates, ...requeue },
      stuck_job_cleanup: { maxAgeHours: LIMITS.maxAgeHours, ...requeue },
      old_job_cleanup: { maxAgeDays: LIMITS.maxAgeDays },
    });
    do {
      for (const strategy of strategies) {
        const result = await runPass(store, strategy, {
          batchRows: BATCH_ROWS,
          pauseFraction: 0,
          onRepaired: (rows) => ledger.report(strategy.name, rows),
        });
        if (result.status !== 'skipped') totals.passes += 1;
        totals.repaired += result.itemsCleaned;
        totals.passedOver += result.itemsPassedOver;
        totals.contended += result.itemsContended;
        if (result.error !== undefined) ledger.violations.push(`${strategy.name} failed: ${result.error.message}`);
        for (const { id, message } of result.blocked) ledger.violations.push(`${id} is blocked: ${message}`);
      }
    } while (!until());
  };

  try {
    let done = 0;
    const work = async (worker: Worker) => {
      while (done < interleavings) {
        done += 1;
        await worker.act();
      }
    };
    let isOver = false;
    const working = Promise.all(workers.map(work)).finally(() => {
      isOver = true;
    });
    await Promise.all([working, ...Array.from({ length: STORES }, () => sweep(() => isOver))]);
    await sweep(() => true);
    for (const worker of workers) await worker.lookAtAll();
  } finally {
    await Promise.all(applications.map((application) => application.close()));
  }

  ledger.settle();
  const { jobs, allocations } = await cluster.read();
  const leftDue = jobs.flatMap((job) => {
    const due = rules.whatIsDue({ job, allocations: allocations.filter(({ jobId }) => jobId === job.id) }, jobs);
    return due === undefined ? [] : [`Job ${job.id}: ${due}`];
  });
  const seconds = (performance.now() - startedMs) / 1000;
  return { interleavings, ...totals, seconds, violations: ledger.violations, leftDue };
}
