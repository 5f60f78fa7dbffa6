import {
  type CleanupRow,
  type CleanupStore,
  type CleanupStrategy,
  checkPassOptions,
  createStrategies,
  JobsweepError,
  type Logger,
  type PassCounts,
  type PassOptions,
  STRATEGY_NAMES,
  silentLogger,
} from '@jobsweep/core';
import { Emitter, type Listener } from './emitter.js';
import type { RunnerEvents } from './events.js';
import type { RunnerOptions } from './options.js';
import { inOrder } from './order.js';
import type { RunReport, StrategyReport } from './report.js';
import { checkSelection, leftOut, type Selection } from './selection.js';
import type { RunnerStatus } from './status.js';
import { abortedBefore, isFailure, passTurn, planTurn, stoppedBy } from './turn.js';

/** How one round runs. */
export interface RunOnceOptions extends Selection {
  /** Look only, in read-only transactions. Default: `false`. */
  readonly dryRun?: boolean;
  /** Ends the round after the statement in hand; committed batches stay. */
  readonly signal?: AbortSignal | undefined;
  /** Lets passes go on that the breaker would stop; it is written to the history. Default: `false`. */
  readonly overrideBreaker?: boolean;
}

/** How a runner stops. */
export interface StopOptions {
  /** How long the batches in hand may go on before they are aborted. Default: the runner's `graceSeconds`. */
  readonly graceSeconds?: number;
}

export interface Runner {
  /** The strategies in the order of their turns. */
  readonly strategies: readonly Pick<CleanupStrategy<never>, 'name' | 'description' | 'metadata' | 'rule'>[];
  /**
   * Gives every strategy its turns from now on, each on its schedule. Resolves once the first turns are planned, also
   * while the database cannot be reached: it is asked again until it answers. Started already: does nothing.
   *
   * Rejects with `SCHEMA_MISMATCH` and all that does not fit between the mapping and the tables, and with
   * `NOT_INITIALIZED` where claims are required and their tables are missing.
   */
  start(): Promise<void>;
  /**
   * Begins nothing any more, lets the batches in hand finish, aborts them after the grace time, and gives claims back.
   * Resolves when nothing of this runner runs, `runOnce` included. It can be started again.
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
 * Throws `DUPLICATE_STRATEGY`, `UNKNOWN_DEPENDENCY`, `CIRCULAR_DEPENDENCY` or `INVALID_OPTION`, naming the culprits.
 *
 * @example
 * const runner = createRunner({ store: knexStore(knex), logger: console });
 * const report = await runner.runOnce();
 * if (!report.ok) process.exitCode = 1;
 */
export function createRunner<Session>(options: RunnerOptions<Session>): Runner {
  const { store, logger = silentLogger } = options;
  const unsupported = STRATEGY_NAMES.filter((name) => !store.capabilities.strategies.includes(name));
  const strategies = inOrder(options.strategies ?? createStrategies(store, { logger }), unsupported);
  let schemaChecked: Promise<void> | undefined;

  checkPassOptions(passOptions('', options, undefined));

  const takeTurn = (strategy: CleanupStrategy<Session>, { dryRun, signal }: RunOnceOptions) =>
    dryRun === true
      ? planTurn(store, strategy, signal)
      : passTurn(store, strategy, passOptions(strategy.name, options, signal));

  const emitter = new Emitter(logger);
  return {
    strategies,
    start: async () => {},
    stop: async () => {},
    on: (name, listener) => emitter.on(name, listener),
    status: () => ({
      state: 'idle',
      isReady: false,
      notReadyReason: 'Not asked yet',
      holder: '',
      isCoordinated: null,
      clockSkewSeconds: null,
      strategies: strategies.map(({ name, description, enabled, metadata, intervalSeconds }) => ({
        name,
        description,
        isEnabled: enabled ?? metadata.enabledByDefault,
        schedule: `every ${intervalSeconds} s`,
        isRunning: false,
        nextRunAt: null,
        last: null,
      })),
    }),
    async runOnce(round = {}) {
      checkSelection(round, strategies);
      schemaChecked ??= requireFittingSchema(store);
      await schemaChecked.catch((error: unknown) => {
        schemaChecked = undefined;
        throw error;
      });

      const startedAt = new Date();
      const startedMs = performance.now();
      const reports = new Map<string, StrategyReport>();
      for (const strategy of strategies) {
        const { name, description } = strategy;
        const verdict = leftOut(strategy, round) ?? stoppedBy(strategy, reports) ?? abortedBefore(round.signal);
        const report = { name, description, ...(verdict ?? (await takeTurn(strategy, round))) };
        sayWhy(report, logger);
        reports.set(name, report);
      }
      const all = [...reports.values()];
      const ok = all.every(({ status, pass }) => !isFailure(status) && pass?.stopReason !== 'aborted');
      return {
        dryRun: round.dryRun ?? false,
        startedAt,
        durationMs: performance.now() - startedMs,
        ok,
        strategies: all,
      };
    },
  };
}

function passOptions<Session>(
  name: string,
  options: RunnerOptions<Session>,
  signal: AbortSignal | undefined,
): PassOptions {
  const { batchRows, maxRowsPerPass, pauseFraction, onRepaired, onBatch, logger } = options;
  return {
    signal,
    ...(batchRows !== undefined && { batchRows }),
    ...(maxRowsPerPass !== undefined && { maxRows: maxRowsPerPass }),
    ...(pauseFraction !== undefined && { pauseFraction }),
    ...(logger && { logger }),
    ...(onRepaired && { onRepaired: (rows: readonly CleanupRow[]) => onRepaired(name, rows) }),
    ...(onBatch && { onBatch: (counts: PassCounts) => onBatch(name, counts) }),
  };
}

function sayWhy({ name, status, reason }: StrategyReport, logger: Logger): void {
  if (status === 'failed') logger.error(`[${name}] Failed: ${reason}`);
  else if (status === 'blocked') logger.warn(`[${name}] Skipped: ${reason}`);
  else if (status === 'aborted') logger.info(`[${name}] Skipped: ${reason}`);
}

async function requireFittingSchema<Session>(store: CleanupStore<Session>): Promise<void> {
  const findings = await store.inspect.schema();
  if (findings.length === 0) return;
  const list = findings.map(({ path, problem, fix }) => `\n- schema.${path}: ${problem}. ${fix}.`);
  throw new JobsweepError('SCHEMA_MISMATCH', `The mapping does not fit the tables:${list.join('')}`);
}
