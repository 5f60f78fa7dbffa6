import type { CleanupStrategy } from '@jobsweep/core';
import { type PlanRoundOptions, planRound, type RoundPlan } from '../plan/plan-round.js';
import { breakerOf, definedOnly, modesIn } from './build.js';
import type { Config } from './config/load.js';
import type { Context, Opened } from './context.js';

/** Plans strategies of a config, with what the config says of batches and breakers. */
export function planConfig(
  { audience, signal }: Context,
  { store, config }: Opened,
  strategies: readonly CleanupStrategy<unknown>[],
  bounds: Required<Pick<PlanRoundOptions, 'samples' | 'atMost'>>,
): Promise<RoundPlan> {
  return planRound(store, strategies, {
    ...bounds,
    ...planOptions(config, strategies),
    locale: audience.locale,
    signal,
  });
}

/** What a config says of plans. */
export function planOptions(config: Config, strategies: readonly CleanupStrategy<unknown>[]): PlanRoundOptions {
  const { batchRows, pauseFraction, pacing } = config.runner ?? {};
  return {
    breaker: breakerOf(config, strategies),
    modes: modesIn(config, strategies),
    ...definedOnly({ name: config.name, batchRows, pauseFraction, maxRowsPerSecond: pacing?.maxRowsPerSecond }),
  };
}
