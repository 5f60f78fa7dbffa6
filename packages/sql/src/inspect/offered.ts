import { invalidOption, STRATEGY_NAMES, type StrategyName, supportedStrategies } from '@jobsweep/core';
import type { Tables } from '../context.js';

/** Of some strategies those that the mapped tables allow. Throws `INVALID_OPTION` for a name that is none. */
export function offered({ schema }: Tables, strategies: readonly StrategyName[]): StrategyName[] {
  const wrong = strategies.find((name) => !STRATEGY_NAMES.includes(name));
  if (wrong !== undefined) throw invalidOption('strategies', wrong, `use ${STRATEGY_NAMES.join(', ')}`);
  return supportedStrategies(schema).filter((name) => strategies.includes(name));
}
