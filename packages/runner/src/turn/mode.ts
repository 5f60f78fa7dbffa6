import { type CleanupStrategy, invalidOption } from '@jobsweep/core';

export const STRATEGY_MODES = ['repair', 'observe'] as const;

/** What the turns of a strategy do: `repair` what is due, or `observe`, which only looks, and keeps what it would have repaired. */
export type StrategyMode = (typeof STRATEGY_MODES)[number];

/** By the name of a strategy. Default of each: `repair`. */
export type StrategyModes = Readonly<Record<string, StrategyMode>>;

/** The mode of each strategy, by name. Throws `INVALID_OPTION` for what is none, and for a strategy that there is not. */
export function modesOf(
  strategies: readonly Pick<CleanupStrategy<never>, 'name'>[],
  modes: StrategyModes = {},
): ReadonlyMap<string, StrategyMode> {
  const names = strategies.map(({ name }) => name);
  for (const [name, mode] of Object.entries(modes)) {
    // One that is misspelt would be repaired by the strategy that was only to look.
    if (!names.includes(name)) {
      throw invalidOption(`modes.${name}`, mode, `name one of the strategies, ${names.join(', ')}`);
    }
    if (!STRATEGY_MODES.includes(mode)) throw invalidOption(`modes.${name}`, mode, `use ${STRATEGY_MODES.join(', ')}`);
  }
  return new Map(names.map((name) => [name, modes[name] ?? 'repair']));
}
