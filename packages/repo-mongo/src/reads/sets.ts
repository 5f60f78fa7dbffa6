import { FINISHED_JOB_STATES, type TimeColumn, UNRELEASED_RESOURCE_STATUSES } from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { allocationFields } from '../rows/allocation-row.js';
import { unsetTimes } from '../values/times.js';
import { ownAllocations } from './allocation-rows.js';
import { all, type Condition, isAnyOf } from './conditions.js';
import { jobFilters } from './filters.js';
import { type Pipeline, withJob } from './rules.js';

/** Whether a time is missing or not set: no age ever makes such a row due. */
export function isUndated(column: TimeColumn): Condition {
  return { [column.column]: { $in: [null, ...unsetTimes(column)] } };
}

/** Jobs that run, of those that filters let through. */
export function runningJobs({ jobs, ...mapping }: Mapping, also: Condition = {}): Pipeline {
  const running = isAnyOf(jobs.fields.state, jobs.states.rawOf('RUNNING'));
  return [{ $match: all(running, also, jobFilters({ jobs, ...mapping })) }];
}

/** Jobs that are finished, of those that filters let through. */
export function finishedJobs({ jobs, ...mapping }: Mapping, also: Condition = {}): Pipeline {
  const finished = isAnyOf(jobs.fields.state, jobs.states.rawOf(...FINISHED_JOB_STATES));
  return [{ $match: all(finished, also, jobFilters({ jobs, ...mapping })) }];
}

/** Allocations that are not released, whose job filters let through. */
export function unreleasedAllocations(mapping: Mapping): Pipeline {
  const { fields, statuses } = allocationsOf(mapping);
  const unreleased = isAnyOf(fields.status, statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES));
  return ofJobs(mapping, unreleased, jobFilters(mapping, 'job.'));
}

/** Reservations that meet a condition, whose job runs and filters let through. */
export function reservationsOfRunning(mapping: Mapping, also: Condition): Pipeline {
  const { jobs } = mapping;
  const { fields, statuses } = allocationsOf(mapping);
  const reserved = all(isAnyOf(fields.status, statuses.rawOf('RESERVED')), also);
  const running = isAnyOf(`job.${jobs.fields.state}`, jobs.states.rawOf('RUNNING'));
  return ofJobs(mapping, reserved, all(running, jobFilters(mapping, 'job.')));
}

function ofJobs(mapping: Mapping, allocation: Condition, job: Condition): Pipeline {
  return [
    { $match: all(ownAllocations(mapping), allocation) },
    { $project: { _id: 0, ...allocationFields(mapping) } },
    ...withJob(mapping),
    { $match: job },
  ];
}
