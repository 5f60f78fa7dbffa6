import { type GetOptions, invalidOption, type Job, paged } from '@jobsweep/core';
import type { Knex } from 'knex';
import { ageTime } from '../filters/limits.js';
import type { SqlSession } from '../library.js';
import { columnRef } from '../rows/identifiers.js';
import { type JobRow, jobColumns, stateOf, toJob } from '../rows/job-row.js';
import type { Tables } from '../rows/tables.js';
import { fromDate } from '../rows/times.js';

/** Jobs of a rule, by the time it looks at and id. */
export function readJobs(
  session: SqlSession,
  tables: Tables,
  rule: () => Knex.QueryBuilder,
  by: 'ageTime' | 'endTime',
  options?: GetOptions<Job>,
): Promise<Job[]> {
  const { id } = tables.schema.jobs.columns;
  const time = by === 'ageTime' ? ageTime(tables) : tables.schema.jobs.columns.endTime;
  const timeRef = columnRef(session.build, 'j', time.column);
  const idRef = columnRef(session.build, 'j', id);

  return paged(async (limit, after) => {
    const query = rule()
      .select(jobColumns(session.build, tables, 'j'))
      .orderByRaw('?, ?', [timeRef, idRef])
      .limit(limit);
    if (after !== undefined) {
      const order = { time: timeRef, codec: time.codec, id: idRef };
      query.where(tables.dialect.isAfter(session.build, order, { time: timeOf(tables, after, by), id: after.id }));
    }
    const jobs: Job[] = [];
    for (const row of await session.rows<JobRow>(query)) {
      const state = stateOf(tables, row);
      if (state !== undefined) jobs.push(toJob(tables, row, state));
    }
    return jobs;
  }, options);
}

/** The exact time by which a row had its place. */
function timeOf({ filters, schema }: Tables, job: Job, by: 'ageTime' | 'endTime'): string | null {
  const { startTime, endTime } = schema.jobs.columns;
  if (by === 'endTime') return job.version?.endTime ?? fromDate(job.endTime, endTime);
  if (filters.ageColumn === null) return job.version?.startTime ?? fromDate(job.startTime, startTime);
  if (job.version?.ageTime !== undefined) return job.version.ageTime;
  throw invalidOption(
    'after',
    `job ${job.id}`,
    'give the row as it was read: without its version its heartbeat is unknown',
  );
}
