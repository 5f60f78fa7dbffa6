import { type Rule, type TimeColumn, type Totals, UNRELEASED_RESOURCE_STATUSES } from '@jobsweep/core';
import type { Knex } from 'knex';
import { ageOf } from '../ages.js';
import { ageTime } from '../filters/limits.js';
import {
  allocationsIn,
  completedWithUnreleased,
  finishedJobs,
  oldJobs,
  reservationsOfRunning,
  runningJobs,
  staleReservations,
  stuckJobs,
  unreleasedOf,
} from '../reads/rules.js';
import { columnRef } from '../rows/identifiers.js';
import { allocationsOf, type Tables } from '../rows/tables.js';
import type { Look } from './look.js';

/** Counts what a rule matches and what that is a share of, in one statement: the counts are of one moment. */
export async function totalsOf(
  tables: Tables,
  look: Look,
  rule: Rule,
  { atMost, holding: isAsked }: { readonly atMost: number; readonly holding: boolean },
): Promise<Totals> {
  const maxAgeSeconds = ageOf(rule);
  const [row] = await look(({ build, rows }) => {
    const { due, dated, order, population, undated, holds } = partsOf(build, tables, rule, maxAgeSeconds);
    const age = build.raw('? as age', [tables.dialect.ageSeconds(build, dated.alias, dated.column)]);
    const counted = (query: Knex.QueryBuilder, as: string) =>
      build
        .select(build.raw(`count(*) as ${as}`))
        .from(query.select(build.raw('1 as one')).limit(atMost).as('t'))
        .as(`of_${as}`);
    const held =
      isAsked && holds !== undefined ? build.raw('case when exists ? then 1 else 0 end as held', [holds]) : null;
    const oldest = build
      .select(build.raw('count(*) as due'), build.raw('max(t.age) as age'))
      .from(
        due
          .select(held === null ? age : [age, held])
          .orderByRaw(order.map(() => '?').join(', '), order)
          .limit(atMost)
          .as('t'),
      )
      .as('of_due');
    if (held !== null) oldest.select(build.raw('sum(t.held) as holding'));
    const query = build
      .select('*')
      .from(oldest)
      .crossJoin(counted(population, 'population') as unknown as Knex.Raw);
    if (undated !== null) query.crossJoin(counted(undated, 'undated') as unknown as Knex.Raw);
    return rows<TotalsRow>(query);
  });
  // The time of a finished job may be the worker's own, which may be ahead of the database.
  const oldestAgeSeconds = row?.age == null ? null : Math.max(0, Number(row.age));
  return {
    due: Number(row?.due ?? 0),
    population: Number(row?.population ?? 0),
    oldestAgeSeconds,
    undated: Number(row?.undated ?? 0),
    ...(row?.holding != null && { holding: Number(row.holding) }),
  };
}

interface TotalsRow {
  readonly due: string | number;
  readonly age: string | number | null;
  readonly population: string | number;
  readonly undated?: string | number;
  readonly holding?: string | number | null;
}

interface Parts {
  readonly due: Knex.QueryBuilder;
  /** What the age of a due row is counted from. */
  readonly dated: { readonly alias: string; readonly column: TimeColumn };
  /** The order of the rule's pages, so that an index serves and, of the rules with an age, the oldest come first. */
  readonly order: readonly Knex.Raw[];
  readonly population: Knex.QueryBuilder;
  /** `null`: the rule looks at no age. */
  readonly undated: Knex.QueryBuilder | null;
  /** Whether a due job still holds an allocation; absent: the rule deletes none, or there are no allocations. */
  readonly holds?: Knex.QueryBuilder;
}

function partsOf(build: Knex, tables: Tables, { name }: Rule, maxAgeSeconds: number): Parts {
  const { columns } = tables.schema.jobs;
  const isUndated = (alias: string, column: TimeColumn) => tables.dialect.isUndated(build, alias, column);
  const ofJobs = (column: TimeColumn) => ({
    dated: { alias: 'j', column },
    order: [columnRef(build, 'j', column.column), columnRef(build, 'j', columns.id)],
  });
  switch (name) {
    case 'completed_job_cleanup':
      return {
        due: completedWithUnreleased(build, tables),
        dated: { alias: 'j', column: columns.endTime },
        order: [columnRef(build, 'a', allocationsOf(tables).columns.id)],
        population: allocationsIn(build, tables, UNRELEASED_RESOURCE_STATUSES),
        undated: null,
      };
    case 'stale_reservation_cleanup': {
      const { id, allocationTime } = allocationsOf(tables).columns;
      return {
        due: staleReservations(build, tables, maxAgeSeconds),
        dated: { alias: 'a', column: allocationTime },
        order: [columnRef(build, 'a', allocationTime.column), columnRef(build, 'a', id)],
        population: runningJobs(build, tables),
        undated: reservationsOfRunning(build, tables).where(isUndated('a', allocationTime)),
      };
    }
    case 'stuck_job_cleanup': {
      const started = ageTime(tables);
      return {
        due: stuckJobs(build, tables, maxAgeSeconds),
        ...ofJobs(started),
        population: runningJobs(build, tables),
        undated: runningJobs(build, tables).where(isUndated('j', started)),
      };
    }
    case 'old_job_cleanup':
      return {
        due: oldJobs(build, tables, maxAgeSeconds),
        ...ofJobs(columns.endTime),
        population: finishedJobs(build, tables),
        undated: finishedJobs(build, tables).where(isUndated('j', columns.endTime)),
        ...(tables.schema.allocations !== null && { holds: unreleasedOf(build, tables, 'j') }),
      };
  }
}
