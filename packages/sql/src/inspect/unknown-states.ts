import { JOB_STATES, RESOURCE_STATUSES, type UnknownState } from '@jobsweep/core';
import type { Knex } from 'knex';
import { jobFilters, whereAll } from '../filters/jobs.js';
import type { SqlSession } from '../library.js';
import { columnRef } from '../rows/identifiers.js';
import { allocationsAs, jobsAs, type Tables } from '../rows/tables.js';
import type { Look } from './look.js';

/** Values that are told of at most: a column with more of them holds no states. */
const MAX_VALUES = 1000;

/** The values of state columns that nobody mapped, of the rows that the filters let through; the most frequent first. */
export async function unknownStates(tables: Tables, look: Look, atMost: number): Promise<UnknownState[]> {
  const { jobs, allocations } = tables.schema;
  const known = jobs.states.rawOf(...JOB_STATES);
  const ofJobs = await look((session) => {
    const { build } = session;
    const query = build.from(jobsAs(build, tables, 'j')).modify(whereAll, jobFilters(build, tables, 'j'));
    return valuesOf(session, tables, query, columnRef(build, 'j', jobs.columns.state), known, atMost);
  });
  const found = ofJobs.map((row) => ({ table: 'jobs' as const, ...row }));
  if (allocations === null) return found;
  const ofAllocations = await look((session) => {
    const { build } = session;
    const query = build.from(allocationsAs(build, tables, 'a'));
    const filters = jobFilters(build, tables, 'j');
    if (filters.length > 0) {
      const job = [
        jobsAs(build, tables, 'j'),
        columnRef(build, 'j', jobs.columns.id),
        columnRef(build, 'a', allocations.columns.jobId),
      ];
      query.joinRaw('inner join ? on ? = ?', job).modify(whereAll, filters);
    }
    const statuses = allocations.statuses.rawOf(...RESOURCE_STATUSES);
    return valuesOf(session, tables, query, columnRef(build, 'a', allocations.columns.status), statuses, atMost);
  });
  return [...found, ...ofAllocations.map((row) => ({ table: 'allocations' as const, ...row }))];
}

/** To find that there are none means to look at every row, so the rows of all values are counted in the same look. */
async function valuesOf(
  session: SqlSession,
  { dialect }: Tables,
  query: Knex.QueryBuilder,
  column: Knex.Raw,
  known: readonly (string | number)[],
  atMost: number,
): Promise<{ value: string | null; rows: number }[]> {
  const { build } = session;
  // As text: an enum, or a column of numbers, refuses to be compared with a word that it does not know.
  const isKnown = dialect.equalsAnyOf(build, dialect.text(build, column), known.map(String));
  const letters = build.raw('? as letters', [dialect.letters(build, column)]);
  const groups = query
    .select(letters, build.raw('count(*) as total'))
    .whereRaw('(? is null or not ?)', [column, isKnown])
    .groupByRaw('1')
    .orderByRaw('2 desc, 1')
    .limit(MAX_VALUES);
  const text = build.raw('? as value, total', [dialect.text(build, build.raw('letters'))]);
  const rows = await session.rows<{ value: string | null; total: string | number }>(
    build.select(text).from(groups.as('g')),
  );
  return rows.map(({ value, total }) => ({ value, rows: Math.min(Number(total), atMost) }));
}
