import { allOf, type Condition, isNone } from '../driver/condition.js';
import type { CountQuery, Tx } from '../driver/driver.js';
import type { Totals, TotalsOptions } from '../inspection/inspection.js';
import type { Context } from '../protocol/context.js';
import { type FirstSet, isUnset, type Way, waysOf } from '../rules/first-set.js';
import { ageOf, oldSeconds, settledBefore, silentSinceOf } from '../rules/limits.js';
import { DEFAULT_STALE_JOB_STATES } from '../rules/rules.js';
import type { Rule } from '../strategies/rule.js';
import { dependentCounts } from './dependent-counts.js';

/** What a rule looks at, all of it. */
interface Parts {
  /** The rows that are due, by the time that tells how old they are: no row is counted twice. */
  readonly due: readonly CountQuery[];
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
  { atMost, holding: isAsked = false, dependents: isCounted = false }: TotalsOptions,
): Promise<Totals> {
  const parts = partsOf(tx.now, context, rule);
  const asked = [parts.population, parts.undated, isAsked ? parts.holding : undefined];
  const queries = [...parts.due, ...asked].flatMap((query) => (query === undefined ? [] : [{ ...query, atMost }]));
  const counted = await tx.count(...queries);
  const due = counted.splice(0, parts.due.length);
  const [population, undated, holding] = asked.map((query) => (query === undefined ? undefined : counted.shift()));
  const earliest = due.reduce<bigint | null>((one, { earliest: other }) => earlier(one, other), null);
  const purge = isCounted && rule.name === 'old_job_cleanup' ? rule : undefined;
  return {
    due: Math.min(
      due.reduce((sum, { rows }) => sum + rows, 0),
      atMost ?? Number.POSITIVE_INFINITY,
    ),
    population: population?.rows ?? 0,
    // The time of a finished job may be the worker's own, which may be ahead of the database.
    oldestAgeSeconds: earliest === null ? null : Math.max(0, Number(tx.now - earliest) / 1e6),
    undated: undated?.rows ?? 0,
    ...(holding !== undefined && { holding: holding.rows }),
    ...(purge && { dependents: await dependentCounts(tx, context, purge) }),
  };
}

const earlier = (one: bigint | null, other: bigint | null) =>
  one === null || (other !== null && other < one) ? other : one;

function partsOf(now: bigint, { mapped, rules }: Context, rule: Rule): Parts {
  const { columns, rows: jobs } = mapped.jobs;
  switch (rule.name) {
    case 'completed_job_cleanup': {
      const { rows: table, job } = mapped.allocations;
      const before = settledBefore(now, rule.settleSeconds);
      const completed = rules.completed(before);
      const undated = rules.ofJob(allOf(rules.finished(), isUnset(columns.endTime)));
      return {
        due: byEnd(columns.endTime, (end, time) => ({
          ...{ table, where: end === undefined ? completed : allOf(completed, rules.ofJob(end)) },
          ...(time !== undefined && { earliest: { time, parent: job } }),
        })),
        population: { table, where: allOf(rules.isUnreleased(), rules.ofJob(rules.isCovered())) },
        // Where ends are looked at, a job without one waits for its own.
        ...(before !== undefined && { undated: { table, where: allOf(rules.isUnreleased(), undated) } }),
      };
    }
    case 'stale_reservation_cleanup': {
      const { rows: table, ofJob } = mapped.allocations;
      const since = rules.heldSince();
      const where = rules.stale(now, ageOf(rule), rule);
      const jobsOfRule = rules.unfinished(rule.jobStates ?? DEFAULT_STALE_JOB_STATES);
      const undated = { exists: ofJob, where: allOf(rules.inStatus('RESERVED'), isUnset([since])) };
      return {
        due: [{ table, where, earliest: { time: since.column } }],
        population: { table: jobs, where: jobsOfRule },
        undated: { table: jobs, where: allOf(jobsOfRule, undated) },
      };
    }
    case 'waiting_job_cleanup': {
      const created = rules.createdTime();
      const where = rules.waiting(now, ageOf(rule));
      return {
        due: [{ table: jobs, where, earliest: { time: created.column } }],
        population: { table: jobs, where: rules.neverStarted() },
        undated: { table: jobs, where: allOf(rules.neverStarted(), isUnset([created])) },
      };
    }
    case 'stuck_job_cleanup': {
      const silentSince = silentSinceOf(now, mapped, rule.silentMinutes);
      const by = { maxAgeSeconds: ageOf(rule), silentSince };
      const { startTime } = columns;
      const ways = silentSince === undefined ? rules.stuckWays() : waysOf([startTime]);
      return {
        due: ways.map((way) => {
          return { table: jobs, where: rules.stuck(now, by, [way]), earliest: { time: way.time.column } };
        }),
        population: { table: jobs, where: rules.running() },
        undated: {
          table: jobs,
          where: allOf(rules.running(), isUnset(silentSince === undefined ? mapped.signs : [startTime])),
        },
      };
    }
    case 'old_job_cleanup': {
      const seconds = oldSeconds(mapped, rule.maxAgeDays);
      const old = (ways?: readonly Way[]) => rules.purged(now, seconds, ways);
      const isHolding = rules.isHolding();
      return {
        due: rules.oldWays().map((way) => {
          return { table: jobs, where: old([way]), earliest: { time: way.time.column } };
        }),
        population: { table: jobs, where: rules.finished() },
        undated: { table: jobs, where: allOf(rules.finished(), isUnset(mapped.retentionTime)) },
        ...(!isNone(isHolding) && { holding: { table: jobs, where: allOf(old(), isHolding) } }),
      };
    }
    case 'orphaned_allocation_cleanup': {
      const { rows: table } = mapped.allocations;
      const since = rules.heldSince();
      return {
        due: [{ table, where: rules.orphaned(now, ageOf(rule)), earliest: { time: since.column } }],
        population: { table, where: rules.isUnreleased() },
        undated: { table, where: allOf(rules.isUnreleased(), isUnset([since]), rules.isOrphan()) },
      };
    }
  }
}

/**
 * Counts by the end of jobs: one of those that have it in each column, and where it may be in several, one of those that have
 * none. Where it may be in one alone, or in none, there is nothing to tell apart.
 */
function byEnd(
  ends: FirstSet,
  count: (end: Condition | undefined, time: string | undefined) => CountQuery,
): readonly CountQuery[] {
  if (ends.length < 2) return [count(undefined, ends[0]?.column)];
  const dated = waysOf(ends).map(({ time: { column: time }, where }) =>
    count(allOf(where, { time, isSet: true }), time),
  );
  return [...dated, count(isUnset(ends), undefined)];
}
