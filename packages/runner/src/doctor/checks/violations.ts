import { duration } from '../../words/numbers.js';
import { wordsOf } from '../../words/words.js';
import { type Check, type CheckContext, countedUpTo } from '../check.js';
import type { Violations } from '../diagnosis.js';

/** So many intervals late, a runner that is there has had its chance. */
const LATE_INTERVALS = 10;
const LEAST_LATE_SECONDS = 3600;

/** How long the oldest damage of each strategy has been there, and what need not be deleted row by row. */
export const violations: Check = {
  name: 'violations',
  needsTables: true,
  async run(context) {
    const { words, told, diagnosis, signal } = context;
    const { time } = wordsOf(told.locale);
    const found = context.facts.violations ?? [];
    const due = found.filter((one) => one.due > 0);
    const purge = context.strategies.map(({ rule }) => rule).find((rule) => rule.name === 'old_job_cleanup');
    const partitions = purge === undefined ? [] : ((await diagnosis?.duePartitions(purge, { signal })) ?? []);
    return {
      summary:
        due.length === 0 ? words.nothingDue : due.map((one) => `${one.strategy} ${countedUpTo(one.due)}`).join(', '),
      findings: [
        ...due
          .filter((one) => isLate(one, context))
          .map((one) => ({
            severity: hasRunner(one, context) ? ('warning' as const) : ('info' as const),
            subject: one.strategy,
            ...words.late(one.due, countedUpTo(one.due), duration(one.oldestOverdueSeconds ?? 0, time)),
          })),
        ...partitions.map(({ partition, statement }) => ({
          ...{ severity: 'info' as const, subject: partition, statement },
          ...words.duePartition,
        })),
      ],
    };
  },
};

function isLate({ strategy, oldestOverdueSeconds }: Violations, { strategies }: CheckContext): boolean {
  const intervalSeconds = strategies.find(({ name }) => name === strategy)?.intervalSeconds ?? 0;
  return (oldestOverdueSeconds ?? 0) > Math.max(LEAST_LATE_SECONDS, intervalSeconds * LATE_INTERVALS);
}

/** Before anything ever ran, damage is why somebody installs this, and no fault of a runner. */
const hasRunner = ({ strategy }: Violations, { facts }: CheckContext): boolean =>
  facts.claims?.some((claim) => claim.strategy === strategy && claim.term > 0) ?? false;
