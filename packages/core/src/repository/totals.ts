import { allOf, type Condition } from '../driver/condition.js';
import type { CountQuery, Tx } from '../driver/driver.js';
import type { Totals, TotalsOptions } from '../inspection/inspection.js';
import type { Context } from '../protocol/context.js';
import { ageOf } from '../rules/limits.js';
import type { Rule } from '../strategies/rule.js';

/** What a rule looks at, all of it. */
interface Parts {
  /** The rows that are due, and the time by which the oldest is told. */
  readonly due: CountQuery;
  readonly population: CountQuery;
  /** Rows of the population that no age can make due. Absent: the rule looks at no age. */
  readonly undated?: CountQuery;
  /** Due rows that have to stay. Absent: the rule deletes nothing, or nothing can be held. */
  readonly holding?: CountQuery;
}

/** How many rows a rule matches, of how many, and since when. */
export async function totalsOf(
  tx: Tx,
  context: Context,
  rule: Rule,
  { atMost, holding: isAsked = false }: TotalsOptions,
): Promise<Totals> {
  const parts = partsOf(tx.now, context, rule);
  const asked = [parts.due, parts.population, parts.undated, isAsked ? parts.holding : undefined];
  const queries = asked.flatMap((query) => (query === undefined ? [] : [{ ...query, atMost }]));
  const counted = await tx.count(...queries);
  const [due, population, undated, holding] = asked.map((query) => (query === undefined ? undefined : counted.shift()));
  const earliest = due?.earliest ?? null;
  return {
    due: due?.rows ?? 0,
    population: population?.rows ?? 0,
    // The time of a finished job may be the worker's own, which may be ahead of the database.
    oldestAgeSeconds: earliest === null ? null : Math.max(0, Number(tx.now - earliest) / 1e6),
    undated: undated?.rows ?? 0,
    ...(holding !== undefined && { holding: holding.rows }),
  };
}

function partsOf(now: bigint, { mapped, rules }: Context, rule: Rule): Parts {
  const { columns, rows: jobs } = mapped.jobs;
  const isUnset = (time: string): Condition => ({ time, isSet: false });
  switch (rule.name) {
    case 'completed_job_cleanup': {
      const { rows: table, job } = mapped.allocations;
      return {
        due: { table, where: rules.completed(), earliest: { time: columns.endTime.column, parent: job } },
        population: { table, where: allOf(rules.isUnreleased(), rules.ofJob(rules.isCovered())) },
      };
    }
    case 'stale_reservation_cleanup': {
      const { rows: table, ofJob, columns: own } = mapped.allocations;
      const time = own.allocationTime.column;
      const where = rules.stale(now, ageOf(rule));
      const undated = { exists: ofJob, where: allOf(rules.inStatus('RESERVED'), isUnset(time)) };
      return {
        due: { table, where, earliest: { time } },
        population: { table: jobs, where: rules.running() },
        undated: { table: jobs, where: allOf(rules.running(), undated) },
      };
    }
    case 'stuck_job_cleanup': {
      const { column: time } = mapped.ageTime;
      const where = rules.stuck(now, ageOf(rule));
      return {
        due: { table: jobs, where, earliest: { time } },
        population: { table: jobs, where: rules.running() },
        undated: { table: jobs, where: allOf(rules.running(), isUnset(time)) },
      };
    }
    case 'old_job_cleanup': {
      const { column: time } = columns.endTime;
      const where = rules.old(now, ageOf(rule));
      return {
        due: { table: jobs, where, earliest: { time } },
        population: { table: jobs, where: rules.finished() },
        undated: { table: jobs, where: allOf(rules.finished(), isUnset(time)) },
        ...(mapped.hasAllocations && { holding: { table: jobs, where: allOf(where, rules.isHolding()) } }),
      };
    }
    case 'orphaned_allocation_cleanup': {
      const { rows: table, columns: own } = mapped.allocations;
      const time = own.allocationTime.column;
      return {
        due: { table, where: rules.orphaned(now, ageOf(rule)), earliest: { time } },
        population: { table, where: rules.isUnreleased() },
        undated: { table, where: allOf(rules.isUnreleased(), isUnset(time), rules.isOrphan()) },
      };
    }
  }
}
