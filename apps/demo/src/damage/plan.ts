import { limits } from '../limits.js';
import type { DamageOptions } from './options.js';
import { createRandom, type Random } from './random.js';

/** What looks like damage and is none. */
export const SURVIVOR_KINDS = ['healthy', 'fresh', 'sibling', 'requeued'] as const;
export type SurvivorKind = (typeof SURVIVOR_KINDS)[number];

/** A held allocation; its age in seconds at the moment of the damage. */
interface PlannedAllocation {
  readonly status: 'RESERVED' | 'ALLOCATED';
  readonly ageSeconds: number;
}

/** A job to add, RUNNING. */
export interface PlannedJob {
  /** `undefined`: damage, to be repaired. */
  readonly survives: SurvivorKind | undefined;
  readonly runningForSeconds: number;
  readonly allocations: readonly PlannedAllocation[];
}

/** A finished job whose allocation was never released. `ordinal` counts the finished jobs by id, from 0. */
export interface PlannedLeak {
  readonly ordinal: number;
  readonly status: PlannedAllocation['status'];
}

/** A finished job that is queued again, or runs again already, and holds its allocation. */
export interface PlannedRequeue extends PlannedLeak {
  readonly state: 'PENDING' | 'RUNNING';
  readonly ageSeconds: number;
}

export interface DamagePlan {
  readonly leaks: readonly PlannedLeak[];
  readonly requeues: readonly PlannedRequeue[];
  readonly jobs: readonly PlannedJob[];
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Nothing may become due, or stop being fresh, while the demo runs: ages stay this far from the limits. */
const FRESH_SECONDS = { from: 5, to: 3 * MINUTE };
const STALE_SECONDS = { from: (limits.reservationMinutes + 2) * MINUTE, to: 12 * HOUR };
const HEALTHY_SECONDS = { from: 2 * MINUTE, to: 20 * HOUR };
const RUN_LIMIT_SECONDS = limits.runHours * HOUR;
const RUN_MARGIN_SECONDS = HOUR;

/** Decides what to damage among `finishedJobs`, without a database: same input, same plan. */
export function planDamage(options: DamageOptions, finishedJobs: number): DamagePlan {
  const staleCount = Math.round((options.reservations * options.stalePercent) / 100);
  const { seed } = options;
  const many = (purpose: string, count: number, make: (random: Random, index: number) => PlannedJob) => {
    const random = createRandom(seed, purpose);
    return Array.from({ length: count }, (_, index) => make(random, index));
  };
  const jobs = [
    ...many('stale', staleCount, (random) => reservation(random, STALE_SECONDS, undefined)),
    ...many('fresh', options.reservations - staleCount, (random) => reservation(random, FRESH_SECONDS, 'fresh')),
    ...many('long', options.longJobs, (random) => longJob(random, options.longDays)),
    ...many('healthy', options.healthyJobs, (random) =>
      runningJob(random.between(HEALTHY_SECONDS.from, HEALTHY_SECONDS.to), 'healthy'),
    ),
    ...many('sibling', options.siblingJobs, siblingJob),
  ];
  return { ...planFinished(options, finishedJobs), jobs };
}

/** No finished job is both leaked and queued again. */
function planFinished(options: DamageOptions, finishedJobs: number): Pick<DamagePlan, 'leaks' | 'requeues'> {
  const random = createRandom(options.seed, 'leaked');
  const leaked = random.sample(finishedJobs, Math.round((finishedJobs * options.leakedPercent) / 100));
  const leaks = leaked.map((ordinal) => ({ ordinal, status: heldStatus(random) }));
  const others = createRandom(options.seed, 'requeued');
  const requeues = others.sample(finishedJobs - leaked.length, options.requeuedJobs).map((rank, index) => ({
    ordinal: ordinalOutside(leaked, rank),
    ...requeue(others, index),
  }));
  return { leaks, requeues };
}

/** The number at place `rank` among those that are not in `taken`, which grows. */
function ordinalOutside(taken: readonly number[], rank: number): number {
  let ordinal = rank;
  for (const other of taken) {
    if (other > ordinal) break;
    ordinal += 1;
  }
  return ordinal;
}

function heldStatus(random: Random): PlannedAllocation['status'] {
  return random.pick(['ALLOCATED', 'ALLOCATED', 'ALLOCATED', 'RESERVED']);
}

/** PENDING ones hold a reservation that is old enough to be taken for a stale one. */
function requeue(random: Random, index: number): Omit<PlannedRequeue, 'ordinal'> {
  if (index % 2 === 0) return { state: 'PENDING', status: 'RESERVED', ageSeconds: between(random, STALE_SECONDS) };
  return { state: 'RUNNING', status: 'ALLOCATED', ageSeconds: random.between(FRESH_SECONDS.from, 50 * MINUTE) };
}

function reservation(random: Random, age: typeof FRESH_SECONDS, survives: SurvivorKind | undefined): PlannedJob {
  const ageSeconds = between(random, age);
  return { survives, runningForSeconds: ageSeconds, allocations: [{ status: 'RESERVED', ageSeconds }] };
}

function longJob(random: Random, days: DamageOptions['longDays']): PlannedJob {
  const seconds = between(random, { from: days.from * DAY, to: days.to * DAY });
  const distance = seconds - RUN_LIMIT_SECONDS;
  const aside =
    Math.abs(distance) < RUN_MARGIN_SECONDS ? (distance < 0 ? -RUN_MARGIN_SECONDS : RUN_MARGIN_SECONDS) : distance;
  return runningJob(RUN_LIMIT_SECONDS + aside, aside > 0 ? undefined : 'healthy');
}

function runningJob(ageSeconds: number, survives: SurvivorKind | undefined): PlannedJob {
  return { survives, runningForSeconds: ageSeconds, allocations: [{ status: 'ALLOCATED', ageSeconds }] };
}

/** A stale reservation beside an allocation that is in use, or beside a fresh reservation. */
function siblingJob(random: Random, index: number): PlannedJob {
  const stale = { status: 'RESERVED', ageSeconds: between(random, STALE_SECONDS) } as const;
  const live =
    index % 2 === 0
      ? ({ status: 'ALLOCATED', ageSeconds: stale.ageSeconds } as const)
      : ({ status: 'RESERVED', ageSeconds: between(random, FRESH_SECONDS) } as const);
  return { survives: 'sibling', runningForSeconds: stale.ageSeconds, allocations: [stale, live] };
}

function between(random: Random, range: { readonly from: number; readonly to: number }): number {
  return random.between(range.from, range.to);
}
