import { invalidOption, STRATEGY_NAMES, type StrategyName, supportedStrategies } from '@jobsweep/core';
import type { Mapping } from '../mapping/mapping.js';

/** Of some strategies those that the mapping allows. Throws `INVALID_OPTION` for a name that is none. */
export function offered({ schema }: Mapping, strategies: readonly StrategyName[]): StrategyName[] {
  const wrong = strategies.find((name) => !STRATEGY_NAMES.includes(name));
  if (wrong !== undefined) throw invalidOption('strategies', wrong, `use ${STRATEGY_NAMES.join(', ')}`);
  return supportedStrategies(schema).filter((name) => strategies.includes(name));
}
