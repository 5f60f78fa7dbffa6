import { invalidOption, type Rule, type TimeColumn, type Totals, throwIfAborted } from '@jobsweep/core';
import { allocationsOf, type Collection, type Mapping } from '../mapping/mapping.js';
import { maxAgeMsOf } from '../reads/ages.js';
import { countRows } from '../reads/count.js';
import { jobsHolding } from '../reads/holding.js';
import { ageTime } from '../reads/limits.js';
import { completedWithUnreleased, oldJobs, type Pipeline, stuckJobs } from '../reads/rules.js';
import { finishedJobs, isUndated, reservationsOfRunning, runningJobs, unreleasedAllocations } from '../reads/sets.js';
import { countStale, readStale } from '../reads/stale.js';
import type { OpenSession } from '../session/open-session.js';
import { toDate, unsetTimes } from '../values/times.js';

/** Jobs whose allocations one command looks up. */
const PART_ROWS = 500;

const DEFAULT_AT_MOST = 10_000;
const MAX_AT_MOST = 10_000_000;

export interface TotalsBounds {
  readonly atMost: number;
  /** Whether to look at what due jobs still hold. */
  readonly holding: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Counts what a rule matches and what that is a share of, in one snapshot. */
export async function totalsOf(
  session: OpenSession,
  mapping: Mapping,
  rule: Rule,
  bounds: TotalsBounds,
): Promise<Totals> {
  const { atMost, signal } = bounds;
  const { collection: jobs, fields } = mapping.jobs;
  const count = (collection: Collection, pipeline: Pipeline) => countRows(session, collection, pipeline, bounds);
  const maxAgeMs = maxAgeMsOf(rule);
  switch (rule.name) {
    case 'completed_job_cleanup': {
      const { collection } = allocationsOf(mapping);
      const due = completedWithUnreleased(mapping, {});
      return {
        ...(await dueSince(session, collection, due, `job.${fields.endTime.column}`, fields.endTime, atMost)),
        population: await count(collection, unreleasedAllocations(mapping)),
        undated: 0,
      };
    }
    case 'stale_reservation_cleanup': {
      const { collection, fields: columns } = allocationsOf(mapping);
      const [oldest] = await readStale(session, mapping, maxAgeMs, { limit: 1, signal });
      return {
        due: await countStale(session, mapping, maxAgeMs, bounds),
        oldestAgeSeconds: ageSeconds(session, oldest?.allocationTime ?? null),
        population: await count(jobs, runningJobs(mapping)),
        undated: await count(collection, reservationsOfRunning(mapping, isUndated(columns.allocationTime))),
      };
    }
    case 'stuck_job_cleanup': {
      const time = ageTime(mapping);
      const due = stuckJobs(mapping, session.nowMs, maxAgeMs, {});
      return {
        ...(await dueSince(session, jobs, due, time.column, time, atMost)),
        population: await count(jobs, runningJobs(mapping)),
        undated: await count(jobs, runningJobs(mapping, isUndated(time))),
      };
    }
    case 'old_job_cleanup': {
      const due = oldJobs(mapping, session.nowMs, maxAgeMs, {});
      return {
        ...(await dueSince(session, jobs, due, fields.endTime.column, fields.endTime, atMost)),
        population: await count(jobs, finishedJobs(mapping)),
        undated: await count(jobs, finishedJobs(mapping, isUndated(fields.endTime))),
        ...(bounds.holding &&
          mapping.allocations !== null && { holding: await holdingOf(session, mapping, due, bounds) }),
      };
    }
  }
}

/** How many of the jobs of a pipeline still hold an allocation. */
async function holdingOf(
  session: OpenSession,
  mapping: Mapping,
  due: Pipeline,
  { atMost, signal }: TotalsBounds,
): Promise<number> {
  const { collection, fields } = mapping.jobs;
  const ids = [...due, { $limit: atMost }, { $project: { _id: 0, id: `$${fields.id}` } }];
  let holding = 0;
  for await (const part of session.parts<{ readonly id: unknown }>(collection, ids, PART_ROWS)) {
    throwIfAborted(signal);
    const holders = await jobsHolding(
      session,
      mapping,
      part.map(({ id }) => id),
    );
    holding += holders.size;
  }
  return holding;
}

/** How far counting goes. Throws `INVALID_OPTION` for a number out of its range. */
export function checkedAtMost(atMost: number = DEFAULT_AT_MOST): number {
  if (Number.isInteger(atMost) && atMost >= 1 && atMost <= MAX_AT_MOST) return atMost;
  throw invalidOption('atMost', atMost, `give a whole number from 1 to ${MAX_AT_MOST}`);
}

/**
 * How many rows of a pipeline there are, and since when the oldest of those counted has been due. Where an index has the
 * times in their order, a pipeline comes in that order, and the oldest is counted first.
 */
async function dueSince(
  session: OpenSession,
  collection: Collection,
  pipeline: Pipeline,
  path: string,
  column: TimeColumn,
  atMost: number,
): Promise<Pick<Totals, 'due' | 'oldestAgeSeconds'>> {
  const time = { $cond: [{ $in: [`$${path}`, unsetTimes(column)] }, null, `$${path}`] };
  const counted: Pipeline = [
    ...pipeline,
    { $limit: atMost },
    { $group: { _id: null, due: { $sum: 1 }, oldest: { $min: time } } },
  ];
  const [row] = await session.rows<{ readonly due: number; readonly oldest: unknown }>(collection, counted);
  return { due: row?.due ?? 0, oldestAgeSeconds: ageSeconds(session, toDate(row?.oldest, column)) };
}

/** The times of jobs may be the worker's own, which may be ahead of the server. */
function ageSeconds({ nowMs }: OpenSession, since: Date | null): number | null {
  return since === null ? null : Math.max(0, nowMs - since.getTime()) / 1000;
}
