import { type GetOptions, invalidOption, type Job, paged } from '@jobsweep/core';
import type { Mapping } from '../mapping/mapping.js';
import { type JobRow, jobFields, stateOf, toJob } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import { rawIdOf, rawTimeOf } from './cursor.js';
import { ageTime } from './limits.js';
import type { Pipeline, Place } from './rules.js';

/** Jobs of a rule, by the time it looks at and id. */
export function readJobs(
  session: OpenSession,
  mapping: Mapping,
  by: 'ageTime' | 'endTime',
  rule: (place: Place) => Pipeline,
  options?: GetOptions<Job>,
): Promise<Job[]> {
  const { collection, fields, idType } = mapping.jobs;
  const idField = fields.id;
  const { column: timeField } = by === 'ageTime' ? ageTime(mapping) : fields.endTime;
  return paged(async (limit, last) => {
    const after = last && {
      id: await rawIdOf(session, mapping, { collection, idField, idType }, { id: last.id, exact: last.version?.id }),
      time: timeOf(mapping, last, by),
    };
    const order = { idField, idType, timeField };
    const pipeline = [...rule({ after, order }), { $limit: limit }, { $project: { _id: 0, ...jobFields(mapping) } }];
    const jobs: Job[] = [];
    for (const row of await session.rows<JobRow>(collection, pipeline)) {
      const state = stateOf(mapping, row);
      if (state !== undefined) jobs.push(toJob(mapping, row, state));
    }
    return jobs;
  }, options);
}

/** The raw time by which a row had its place. */
function timeOf(mapping: Mapping, job: Job, by: 'ageTime' | 'endTime'): unknown {
  const { startTime, endTime } = mapping.jobs.fields;
  if (by === 'endTime') return rawTimeOf(mapping, job.version?.endTime, job.endTime, endTime);
  if (mapping.filters.ageColumn === null) return rawTimeOf(mapping, job.version?.startTime, job.startTime, startTime);
  if (job.version?.ageTime !== undefined) return rawTimeOf(mapping, job.version.ageTime, null, startTime);
  throw invalidOption(
    'after',
    `job ${job.id}`,
    'give the row as it was read: without its version its heartbeat is unknown',
  );
}
