import type { GetOptions, Job, TimeColumn } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { SqlSession } from '../library.js';
import { type JobRow, jobColumns, stateOf, toJob } from '../rows/job-row.js';
import type { Tables } from '../rows/tables.js';
import { fromDate } from '../rows/times.js';
import { paged } from './page.js';

/** Jobs of a rule, by the time it looks at and id. */
export function readJobs(
  session: SqlSession,
  tables: Tables,
  rule: () => Knex.QueryBuilder,
  by: 'startTime' | 'endTime',
  options?: GetOptions<Job>,
): Promise<Job[]> {
  const { id } = tables.schema.jobs.columns;
  const time: TimeColumn = tables.schema.jobs.columns[by];
  const timeRef = `j.${time.column}`;

  return paged(async (limit, after) => {
    const query = rule()
      .select(jobColumns(session.build, tables, 'j'))
      .orderBy([timeRef, `j.${id}`])
      .limit(limit);
    if (after !== undefined) {
      const afterTime = after.version?.[by] ?? fromDate(after[by], time);
      const order = { time: timeRef, codec: time.codec, id: `j.${id}` };
      query.where(tables.dialect.isAfter(session.build, order, { time: afterTime, id: after.id }));
    }
    const jobs: Job[] = [];
    for (const row of await session.rows<JobRow>(query)) {
      const state = stateOf(tables, row);
      if (state !== undefined) jobs.push(toJob(tables, row, state));
    }
    return jobs;
  }, options);
}
