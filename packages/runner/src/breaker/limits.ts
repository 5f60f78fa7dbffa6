import { type CleanupStrategy, invalidOption } from '@jobsweep/core';

/** When a breaker trips: both limits must be passed. */
export interface BreakerLimits {
  /** Fewer rows than this never trip it; 1 to 1000000. Default: 20. */
  readonly minRows?: number;
  /** The share of the population that may be due; 0 to 1. Default: 0.5. */
  readonly maxShare?: number;
}

/** Limits for all strategies that fail or delete, and own ones by the name of a strategy; `false` turns it off. */
export interface BreakerOptions extends BreakerLimits {
  readonly strategies?: Readonly<Record<string, BreakerLimits | false>>;
}

/** Breakers count no further. */
export const MAX_COUNT = 1_000_000;

const DEFAULTS: Required<BreakerLimits> = { minRows: 20, maxShare: 0.5 };

type Named = Pick<CleanupStrategy<never>, 'name' | 'rule'>;

/**
 * The limits of each strategy that has a breaker, by name: those that fail or delete, and whose totals can be counted.
 * Throws `INVALID_OPTION` for a number out of its range, or limits of a strategy that has none.
 */
export function breakerLimits(
  strategies: readonly Named[],
  options: BreakerOptions | false = {},
): Map<string, Required<BreakerLimits>> {
  if (options === false) return new Map();
  const { strategies: own = {}, ...shared } = options;
  const all = withDefaults('breaker', shared, DEFAULTS);
  const guarded = strategies.filter(({ rule }) => rule !== undefined && rule.name !== 'completed_job_cleanup');
  for (const [name, limits] of Object.entries(own)) {
    const fitting = limits === false ? strategies : guarded;
    if (fitting.some((strategy) => strategy.name === name)) continue;
    const names = guarded.map((strategy) => strategy.name).join(', ') || 'none';
    throw invalidOption(`breaker.strategies.${name}`, limits, `name a strategy that has a breaker: ${names}`);
  }
  const limits = new Map<string, Required<BreakerLimits>>();
  for (const { name } of guarded) {
    const mine = own[name] ?? {};
    if (mine !== false) limits.set(name, withDefaults(`breaker.strategies.${name}`, mine, all));
  }
  return limits;
}

function withDefaults(
  field: string,
  { minRows, maxShare }: BreakerLimits,
  defaults: Required<BreakerLimits>,
): Required<BreakerLimits> {
  const limits = { minRows: minRows ?? defaults.minRows, maxShare: maxShare ?? defaults.maxShare };
  if (!Number.isInteger(limits.minRows) || limits.minRows < 1 || limits.minRows > MAX_COUNT) {
    throw invalidOption(`${field}.minRows`, limits.minRows, `give a whole number from 1 to ${MAX_COUNT}`);
  }
  if (!(limits.maxShare >= 0 && limits.maxShare <= 1)) {
    throw invalidOption(`${field}.maxShare`, limits.maxShare, 'give a share from 0 to 1');
  }
  return limits;
}
