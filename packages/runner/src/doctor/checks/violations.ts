import { type Check, type CheckContext, countedUpTo } from '../check.js';
import type { Violations } from '../diagnosis.js';

/** So many intervals late, a runner that is there has had its chance. */
const LATE_INTERVALS = 10;
const LEAST_LATE_SECONDS = 3600;

/** How long the oldest damage of each strategy has been there. */
export const violations: Check = {
  name: 'violations',
  needsTables: true,
  async run(context) {
    const found = context.facts.violations ?? [];
    const due = found.filter((one) => one.due > 0);
    return {
      summary:
        due.length === 0 ? 'nothing is due' : due.map((one) => `${one.strategy} ${countedUpTo(one.due)}`).join(', '),
      findings: due
        .filter((one) => isLate(one, context))
        .map((one) => ({
          severity: hasRunner(one, context) ? ('warning' as const) : ('info' as const),
          subject: one.strategy,
          problem: `${rows(one.due)} due, the oldest for ${hours(one.oldestOverdueSeconds ?? 0)}`,
          fix: 'Look at `jobsweep plan`, and whether a runner is going: `jobsweep list`',
        })),
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

const rows = (count: number): string => (count === 1 ? '1 row is' : `${countedUpTo(count)} rows are`);

const hours = (seconds: number): string =>
  seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
