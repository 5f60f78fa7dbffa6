import type { RunReport, StrategyStatus } from '../../src/index.js';

/** What became of each strategy, by name. */
export function statuses({ strategies }: RunReport): Record<string, StrategyStatus> {
  return Object.fromEntries(strategies.map(({ name, status }) => [name, status]));
}

/** The reasons that a report gives, by name. */
export function reasons({ strategies }: RunReport): Record<string, string | undefined> {
  return Object.fromEntries(strategies.map(({ name, reason }) => [name, reason]));
}
