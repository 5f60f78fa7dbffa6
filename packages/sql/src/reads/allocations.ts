import { type AllocationWithJob, type GetOptions, paged } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { SqlSession } from '../library.js';
import { type AllocationRow, allocationColumns, statusOf, toAllocation } from '../rows/allocation-row.js';
import { columnRef } from '../rows/identifiers.js';
import { type JobRow, jobColumns, stateOf, toJob } from '../rows/job-row.js';
import { allocationsOf, type Tables } from '../rows/tables.js';
import { fromDate } from '../rows/times.js';

type Row = AllocationRow & JobRow & { readonly horizon?: string };

/** Allocations of a rule with their jobs, by allocation id. */
export function readById(
  session: SqlSession,
  tables: Tables,
  rule: () => Knex.QueryBuilder,
  options?: GetOptions<AllocationWithJob>,
): Promise<AllocationWithJob[]> {
  const idRef = columnRef(session.build, 'a', allocationsOf(tables).columns.id);
  return paged(async (limit, after) => {
    const query = rule().orderByRaw('?', [idRef]).limit(limit);
    if (after !== undefined) query.where(tables.dialect.isIdAfter(session.build, idRef, after.id));
    return select(session, tables, query);
  }, options);
}

/** Reservations of a rule with their jobs and the horizon they are judged by, by (allocation time, id). */
export function readByTime(
  session: SqlSession,
  tables: Tables,
  rule: () => Knex.QueryBuilder,
  maxAgeSeconds: number,
  options?: GetOptions<AllocationWithJob>,
): Promise<AllocationWithJob[]> {
  const { id, allocationTime } = allocationsOf(tables).columns;
  const { dialect } = tables;
  const timeRef = columnRef(session.build, 'a', allocationTime.column);
  const idRef = columnRef(session.build, 'a', id);
  return paged(async (limit, after) => {
    const horizon = dialect.horizonText(session.build, allocationTime.codec, maxAgeSeconds);
    const query = rule()
      .select(session.build.raw('? as horizon', [horizon]))
      .orderByRaw('?, ?', [timeRef, idRef])
      .limit(limit);
    if (after !== undefined) {
      const afterTime = after.version?.allocationTime ?? fromDate(after.allocationTime, allocationTime);
      const order = { time: timeRef, codec: allocationTime.codec, id: idRef };
      query.where(dialect.isAfter(session.build, order, { time: afterTime, id: after.id }));
    }
    return select(session, tables, query);
  }, options);
}

async function select(session: SqlSession, tables: Tables, query: Knex.QueryBuilder): Promise<AllocationWithJob[]> {
  query.select([...allocationColumns(session.build, tables, 'a'), ...jobColumns(session.build, tables, 'j')]);
  const allocations: AllocationWithJob[] = [];
  for (const row of await session.rows<Row>(query)) {
    const status = statusOf(tables, row);
    const state = stateOf(tables, row);
    if (status === undefined || state === undefined) continue;
    allocations.push({ ...toAllocation(tables, row, status, row.horizon), job: toJob(tables, row, state) });
  }
  return allocations;
}
