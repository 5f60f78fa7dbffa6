import { FINISHED_JOB_STATES, UNRELEASED_RESOURCE_STATUSES } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { allocationFields } from '../rows/allocation-row.js';
import { jobFields } from '../rows/job-row.js';
import { ownAllocations } from './allocation-rows.js';
import { all, type Condition, isAnyOf, isBefore } from './conditions.js';
import { jobFilters } from './filters.js';
import { ageTime, isOverOwnLimit, lastHorizonMs } from './limits.js';
import { type Cursor, isAfter, type Order, sortOf } from './order.js';

/** A pipeline of stages. */
export type Pipeline = mongo.Document[];

/** Where to begin, and whether the order matters: it does not to those who count. */
export interface Place {
  readonly after?: Cursor | undefined;
  readonly order?: Order;
}

/**
 * Allocations that are not released although their job is finished, with their job: rows of `AllocationRow` and
 * `JobRow` in one.
 */
export function completedWithUnreleased(mapping: Mapping, place: Place): Pipeline {
  const { statuses, fields } = allocationsOf(mapping);
  const { jobs } = mapping;
  return [
    ...begin(
      all(ownAllocations(mapping), isAnyOf(fields.status, statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES))),
      place,
    ),
    { $project: { _id: 0, ...allocationFields(mapping) } },
    ...withJob(mapping),
    {
      $match: all(
        isAnyOf(`job.${jobs.fields.state}`, jobs.states.rawOf(...FINISHED_JOB_STATES)),
        jobFilters(mapping, 'job.'),
      ),
    },
  ];
}

/** Reservations before their horizon whose job runs, whatever else it holds: rows as above. */
export function reservations(mapping: Mapping, nowMs: number, maxAgeMs: number, place: Place): Pipeline {
  const { statuses, fields } = allocationsOf(mapping);
  const { jobs } = mapping;
  const { column } = fields.allocationTime;
  const rule = 'staleReservationMinutes';
  const mayBeStale = isBefore(column, fields.allocationTime, lastHorizonMs(mapping, rule, nowMs, maxAgeMs));
  return [
    ...begin(all(ownAllocations(mapping), isAnyOf(fields.status, statuses.rawOf('RESERVED')), mayBeStale), place),
    { $project: { _id: 0, ...allocationFields(mapping) } },
    ...withJob(mapping),
    {
      $match: all(
        isAnyOf(`job.${jobs.fields.state}`, jobs.states.rawOf('RUNNING')),
        jobFilters(mapping, 'job.'),
        isOverOwnLimit(mapping, rule, { job: 'job.', time: 'atime' }, nowMs, maxAgeMs),
      ),
    },
  ];
}

/** Jobs that run and started, or gave their last sign of life, before their horizon: documents as they are. */
export function stuckJobs(mapping: Mapping, nowMs: number, maxAgeMs: number, place: Place): Pipeline {
  return jobsBefore(mapping, 'stuckHours', nowMs, maxAgeMs, place);
}

/** Jobs that are finished and ended before their horizon: documents as they are. */
export function oldJobs(mapping: Mapping, nowMs: number, maxAgeMs: number, place: Place): Pipeline {
  return jobsBefore(mapping, 'oldDays', nowMs, maxAgeMs, place);
}

/** The fields of a page's rows, once no more of them than the page holds are left. */
export function withJobFields(mapping: Mapping): mongo.Document {
  const own = Object.fromEntries(Object.keys(allocationFields(mapping)).map((key) => [key, 1]));
  return { $project: { ...own, ...jobFields(mapping, 'job.') } };
}

function jobsBefore(
  mapping: Mapping,
  rule: 'stuckHours' | 'oldDays',
  nowMs: number,
  maxAgeMs: number,
  place: Place,
): Pipeline {
  const { fields, states } = mapping.jobs;
  const column = rule === 'stuckHours' ? ageTime(mapping) : fields.endTime;
  const raw = rule === 'stuckHours' ? states.rawOf('RUNNING') : states.rawOf(...FINISHED_JOB_STATES);
  const condition = all(
    isAnyOf(fields.state, raw),
    isBefore(column.column, column, lastHorizonMs(mapping, rule, nowMs, maxAgeMs)),
    isOverOwnLimit(mapping, rule, { job: '', time: column.column }, nowMs, maxAgeMs),
    jobFilters(mapping),
  );
  return begin(condition, place);
}

function begin(condition: Condition, { after, order }: Place): Pipeline {
  if (order === undefined) return [{ $match: condition }];
  return [{ $match: all(condition, after === undefined ? {} : isAfter(order, after)) }, { $sort: sortOf(order) }];
}

/** Looks each allocation's job up by its id, under `job`. */
export function withJob({ jobs }: Mapping): Pipeline {
  const lookup = { from: jobs.collection.collectionName, localField: 'ajob', foreignField: jobs.fields.id, as: 'job' };
  return [{ $lookup: lookup }, { $unwind: '$job' }];
}
