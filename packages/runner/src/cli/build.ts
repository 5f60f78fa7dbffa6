import {
  type CleanupStrategy,
  type CreateStrategiesOptions,
  createStrategies,
  type Logger,
  presets,
  STRATEGY_NAMES,
  silentLogger,
} from '@jobsweep/core';
import type { BreakerOptions } from '../breaker/limits.js';
import type { RunnerOptions } from '../options.js';
import { inOrder } from '../round/order.js';
import type { Schedule } from '../schedule/schedule.js';
import type { StrategyMode, StrategyModes } from '../turn/mode.js';
import type { AnyStrategyConfig } from './config/config.js';
import type { Config } from './config/load.js';
import type { AnyStore } from './open.js';

/** A strategy's part of a config; empty where it says nothing. */
export function strategyConfig(config: Config, name: string): AnyStrategyConfig {
  const all: Readonly<Record<string, unknown>> = config.strategies ?? {};
  return definedOnly((all[name] ?? {}) as AnyStrategyConfig);
}

/** The strategies of a config that the store's tables allow, in the order of their turns. */
export function buildStrategies(
  store: AnyStore,
  config: Config,
  logger: Logger = silentLogger,
): CleanupStrategy<unknown>[] {
  const own = STRATEGY_NAMES.map((name) => {
    const {
      breaker: _breaker,
      cron: _cron,
      timeZone: _timeZone,
      mode: _mode,
      ...options
    } = strategyConfig(config, name);
    return [name, options] as const;
  });
  const strategies = createStrategies(store, {
    logger,
    texts: presets[config.locale ?? 'en'],
    ...(Object.fromEntries(own) as CreateStrategiesOptions),
  });
  const unsupported = STRATEGY_NAMES.filter((name) => !store.capabilities.strategies.includes(name));
  return inOrder(strategies, unsupported);
}

/** What a runner is made of, as the config says. */
export function runnerOptions(
  store: AnyStore,
  config: Config,
  strategies: readonly CleanupStrategy<unknown>[],
  logger: Logger,
): RunnerOptions<unknown> {
  const { claimTermSeconds, confirmDeletesAbove: _asked, breaker: _breaker, ...settings } = config.runner ?? {};
  return {
    store,
    strategies,
    logger,
    ...(config.name !== undefined && { name: config.name }),
    schedules: schedulesOf(config, strategies),
    breaker: breakerOf(config, strategies),
    modes: modesIn(config, strategies),
    locale: config.locale ?? 'en',
    ...definedOnly({ ...settings, termSeconds: claimTermSeconds }),
  };
}

/** The schedules of a config, of those strategies that have one of their own. */
export function schedulesOf(config: Config, strategies: readonly CleanupStrategy<unknown>[]): Record<string, Schedule> {
  const timed = strategies.flatMap(({ name }) => {
    const { cron, timeZone } = strategyConfig(config, name);
    return cron === undefined ? [] : [[name, { cron, ...(timeZone !== undefined && { timeZone }) }] as const];
  });
  return Object.fromEntries(timed);
}

/** Whether a strategy repairs or only observes. */
export const modeOf = (config: Config, name: string): StrategyMode => strategyConfig(config, name).mode ?? 'repair';

/** The same of each. */
export const modesIn = (config: Config, strategies: readonly { readonly name: string }[]): StrategyModes =>
  Object.fromEntries(strategies.map(({ name }) => [name, modeOf(config, name)]));

/** The breaker of all strategies, with the limits that some have of their own. */
export function breakerOf(config: Config, strategies: readonly CleanupStrategy<unknown>[]): BreakerOptions | false {
  const shared = config.runner?.breaker;
  if (shared === false) return false;
  const own = strategies.flatMap(({ name }) => {
    const { breaker } = strategyConfig(config, name);
    return breaker === undefined ? [] : [[name, breaker === false ? false : definedOnly(breaker)] as const];
  });
  return { ...definedOnly(shared ?? {}), strategies: Object.fromEntries(own) };
}

/** What is set; `undefined` in a config file is as if it were left out. */
export function definedOnly<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as never;
}
