import {
  type CleanupStrategy,
  checkPassOptions,
  createStrategies,
  STRATEGY_NAMES,
  safeLogger,
  silentLogger,
} from '@jobsweep/core';
import { breakerLimits } from './breaker/limits.js';
import { connectionTo } from './connection/connection.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import type { RunnerOptions } from './options.js';
import type { RunnerParts } from './parts.js';
import { inOrder } from './round/order.js';
import { type RunOnceOptions, runRound } from './round/round.js';
import { checkSelection, isEnabled } from './round/selection.js';
import { openScheduler } from './schedule/open-scheduler.js';
import { timetables } from './schedule/schedule.js';
import { checkWithheld, runnerSettings } from './settings.js';
import { type RunnerStatus, statusOf } from './status.js';
import { Emitter, type Listener } from './turn/emitter.js';
import type { RunnerEvents } from './turn/events.js';
import { checkRunnerHooks } from './turn/hooks.js';
import { modesOf } from './turn/mode.js';
import { paceOptions } from './turn/pace-options.js';
import type { RunReport } from './turn/report.js';
import { Turns } from './turn/turns.js';

/** How a runner stops. */
export interface StopOptions {
  /** How long the batches in hand may go on before they are aborted. Default: the runner's `graceSeconds`. */
  readonly graceSeconds?: number;
}

export interface Runner {
  /** The strategies in the order of their turns. */
  readonly strategies: readonly Pick<
    CleanupStrategy<never>,
    'name' | 'description' | 'metadata' | 'intervalSeconds' | 'rule'
  >[];
  /**
   * Gives every strategy its turns from now on, each on its schedule. Resolves once the first turns are planned, also
   * while the database cannot be reached or cannot do the work: it is asked again until it can. Started already: does
   * nothing.
   *
   * Rejects with `SCHEMA_MISMATCH` and all that does not fit between the mapping and the tables, and with
   * `NOT_INITIALIZED` where claims are required and their tables are missing.
   */
  start(): Promise<void>;
  /**
   * Begins nothing any more, lets the batches in hand finish, aborts them after the grace time, and gives claims back.
   * Resolves when nothing of this runner runs, `runOnce` included, and at the latest 10 s after the grace time, whatever the
   * server does. It can be started again.
   */
  stop(options?: StopOptions): Promise<void>;
  /** Listens, after the fact, and returns what ends it. What a listener throws is logged and breaks nothing. */
  on<Name extends keyof RunnerEvents>(name: Name, listener: Listener<Name>): () => void;
  /** What it is doing now. Asks nobody. */
  status(): RunnerStatus;
  /**
   * Runs one round: every strategy once, one after the other. A strategy that fails stops only those that depend on it.
   *
   * Rejects before anything is written: `UNKNOWN_STRATEGY` or `INVALID_OPTION` for `only` and `tags`, and in the first
   * round `SCHEMA_MISMATCH` with all that does not fit between the mapping and the tables. What happens later is in
   * the report.
   */
  runOnce(options?: RunOnceOptions): Promise<RunReport>;
}

/**
 * Composes strategies with dependency ordering.
 *
 * Throws `DUPLICATE_STRATEGY`, `UNKNOWN_DEPENDENCY`, `CIRCULAR_DEPENDENCY` or `INVALID_OPTION`, naming the culprits, and
 * `TRANSACTIONS_REQUIRED` for a hook `within` where the store has none.
 *
 * @example
 * const runner = createRunner({ store: knexStore(knex), logger: console });
 * const report = await runner.runOnce();
 * if (!report.ok) process.exitCode = 1;
 */
export function createRunner<Session>(options: RunnerOptions<Session>): Runner {
  const { store } = options;
  const logger = safeLogger(options.logger ?? silentLogger);
  const unsupported = STRATEGY_NAMES.filter((name) => !store.capabilities.strategies.includes(name));
  const strategies = inOrder(options.strategies ?? createStrategies(store, { logger }), unsupported);
  checkRunnerHooks(strategies, store.capabilities, options.hooks);
  checkPassOptions(paceOptions(options), store);
  const settings = runnerSettings(options);
  checkWithheld(settings.changes, store.changes.keptColumns(strategies.flatMap(({ rule = [] }) => rule)));
  const breakers = breakerLimits(strategies, options.breaker);
  const modes = modesOf(strategies, options.modes);
  const emitter = new Emitter(logger);
  const connection = connectionTo(store, strategies.filter(isEnabled), settings, logger);
  const turns = new Turns({ options, settings, breakers, modes, connection, emitter, logger });
  const parts: RunnerParts<Session> = {
    ...{ connection, strategies, modes, turns, emitter, settings, logger },
    timetables: timetables(strategies, options.schedules),
  };
  const lifecycle = new Lifecycle(
    (hand) => openScheduler(parts, hand),
    settings.timing,
    settings.graceSeconds,
    () => logger.warn('Stopped without an answer of the database: what was asked of it has not ended'),
  );

  return {
    strategies,
    start: () => lifecycle.start(),
    stop: (how = {}) => lifecycle.stop(how.graceSeconds),
    on: (name, listener) => emitter.on(name, listener),
    status: () => statusOf(parts, lifecycle.state, lifecycle.running),
    async runOnce(round = {}) {
      checkSelection(round, strategies);
      return lifecycle.run((hand) => runRound(parts, hand, round));
    },
  };
}
