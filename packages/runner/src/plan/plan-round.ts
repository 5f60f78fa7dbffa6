import {
  type CleanupStore,
  type CleanupStrategy,
  DEFAULT_BATCH_ROWS,
  DEFAULT_CONFIG,
  type DependentCount,
  errorText,
  isJobsweepError,
  type Locale,
  type Pause,
  type PlanSample,
  planPass,
  type Retry,
  retryOf,
} from '@jobsweep/core';
import { judge, type Verdict } from '../breaker/judge.js';
import { type BreakerLimits, type BreakerOptions, breakerLimits } from '../breaker/limits.js';
import { requireFittingSchema } from '../connection/fitting-schema.js';
import { unlessHidden } from '../history/unless-hidden.js';
import { isEnabled } from '../round/selection.js';
import { modesOf, type StrategyMode, type StrategyModes } from '../turn/mode.js';
import { wordsOf } from '../words/words.js';
import { type CountedTotals, countedTotals } from './counted-totals.js';
import { type Expectation, expectation } from './expectation.js';

export interface PlanRoundOptions {
  /** The name of the config, whose history tells how long passes take. Default: `main`. */
  readonly name?: string;
  /** Counting stops here. Default: 10000. */
  readonly atMost?: number;
  /** Rows to describe. Default: 3. */
  readonly samples?: number;
  /** Rows of one batch. Default: 1000, which passes begin with. */
  readonly batchRows?: number;
  /** The pause after a batch, as a fraction of the time that it took. Default: 0.5. */
  readonly pauseFraction?: number;
  /** As in `Pacing`. Default: no limit. */
  readonly maxRowsPerSecond?: number;
  /** As of the runner. Default: that of `createRunner`. */
  readonly breaker?: BreakerOptions | false;
  /** As of the runner. Default: that of `createRunner`. */
  readonly modes?: StrategyModes;
  /** The language of what is said of breakers. Default: `en`. */
  readonly locale?: Locale;
  readonly signal?: AbortSignal | undefined;
}

/** What one strategy would do now. Counts are of rows, and stop at `atMost`. */
export interface StrategyPlan {
  readonly name: string;
  readonly description: string;
  readonly isEnabled: boolean;
  /** `observe`: nothing of this would be done. */
  readonly mode: StrategyMode;
  /** Who forbids its turns, since when and until when; `null`: nobody, or jobsweep's own tables cannot be read. */
  readonly pause: Pause | null;
  /** Why it could not be planned; everything below is empty then. */
  readonly error: { readonly code: string | null; readonly message: string; readonly retry: Retry } | null;
  readonly due: number;
  /** `due` is "this many or more". */
  readonly isCapped: boolean;
  /** What `due` is a share of; `null`: the strategy has no rule that says so. */
  readonly population: number | null;
  readonly isPopulationCapped: boolean;
  /** How long ago the oldest due row became what it is; `null`: not known. */
  readonly oldestAgeSeconds: number | null;
  /** There may be an older one: it is of the rows that were counted. */
  readonly isOldestCapped: boolean;
  /** Rows of the population that have no time, and so are never due; `null`: not known. */
  readonly undated: number | null;
  readonly isUndatedCapped: boolean;
  /** Due jobs that cannot be deleted, since they still hold an allocation; `null`: nothing is deleted. */
  readonly holding: number | null;
  /** What is deleted with the first due jobs, by table: those in `schema.dependents`. */
  readonly dependents: readonly DependentCount[];
  readonly samples: readonly PlanSample[];
  /** Batches at least; more where `due` is capped, or batches are divided. */
  readonly batches: number;
  /** How long the pass may take; `null`: nothing is due. */
  readonly expected: Expectation | null;
  /** What its breaker would say; `null`: it has none. */
  readonly breaker: Verdict | null;
}

/** What a round would do now, and nothing of it done. */
export interface RoundPlan {
  /** This machine's clock. */
  readonly plannedAt: Date;
  /** In the order given: each counted on the data as it is, not as it would be after those before it. */
  readonly strategies: readonly StrategyPlan[];
}

/**
 * Looks at what each strategy would do, in read-only transactions. A strategy that cannot be planned has an `error`; the
 * others are planned all the same.
 *
 * Rejects with `SCHEMA_MISMATCH` where the mapping does not fit, with `INVALID_OPTION`, and with `ABORTED`.
 *
 * @example
 * const { strategies } = await planRound(store, createStrategies(store));
 * for (const { name, due, population } of strategies) console.log(name, due, 'of', population);
 */
export async function planRound<Session>(
  store: CleanupStore<Session>,
  strategies: readonly CleanupStrategy<Session>[],
  options: PlanRoundOptions = {},
): Promise<RoundPlan> {
  await requireFittingSchema(store, { taking: strategies, multiWriter: 'accepted' }, options.signal);
  const plannedAt = new Date();
  const breakers = breakerLimits(strategies, options.breaker);
  const modes = modesOf(strategies, options.modes);
  const { name: config = DEFAULT_CONFIG, signal } = options;
  const claims = await unlessHidden(store.claims.list({ config, signal }));
  const plans: StrategyPlan[] = [];
  for (const strategy of strategies) {
    const { name, description } = strategy;
    const pause = claims?.find((claim) => claim.strategy === name)?.pause ?? null;
    const known = { name, description, isEnabled: isEnabled(strategy), mode: modes.get(name) ?? 'repair', pause };
    plans.push({ ...known, ...(await workOf(store, strategy, breakers.get(name), options)) });
  }
  return { plannedAt, strategies: plans };
}

/** What a plan has to count for. */
type StrategyWork = Omit<StrategyPlan, 'name' | 'description' | 'isEnabled' | 'mode' | 'pause'>;

async function workOf<Session>(
  store: CleanupStore<Session>,
  strategy: CleanupStrategy<Session>,
  limits: Required<BreakerLimits> | undefined,
  options: PlanRoundOptions,
): Promise<StrategyWork> {
  const { name, rule } = strategy;
  const { atMost = 10_000, samples = 3, batchRows = DEFAULT_BATCH_ROWS, pauseFraction = 0.5, signal } = options;
  const { name: config = DEFAULT_CONFIG } = options;
  try {
    const totals =
      rule === undefined
        ? undefined
        : await store.inspect.totals(rule, { atMost, holding: true, dependents: true, signal });
    const startedMs = performance.now();
    // One page, as a pass would read it; where nothing else counts, as many as it takes.
    const pass = await planPass(store, strategy, {
      atMost: totals === undefined ? atMost : batchRows,
      samples,
      signal,
    });
    const readMs = performance.now() - startedMs;
    const due = totals?.due ?? pass.due;
    const batches = Math.ceil(due / batchRows);
    const { maxRowsPerSecond = Number.POSITIVE_INFINITY } = options;
    const work = { config, strategy: name, due, batches, readMs, pauseFraction, maxRowsPerSecond };
    return {
      error: null,
      due,
      isCapped: due >= atMost,
      ...(totals === undefined || rule === undefined
        ? NO_TOTALS
        : knownTotals(countedTotals(totals, rule.name, atMost))),
      samples: pass.samples,
      batches,
      expected: due === 0 ? null : await expectation(store.journal, work, signal),
      breaker:
        rule && limits ? await judge(store.inspect, rule, limits, signal, wordsOf(options.locale).reasons) : null,
    };
  } catch (error) {
    if (isJobsweepError(error, 'ABORTED', 'INVALID_OPTION')) throw error;
    return { ...NOTHING, error: toReason(error) };
  }
}

const NO_TOTALS = {
  population: null,
  isPopulationCapped: false,
  oldestAgeSeconds: null,
  isOldestCapped: false,
  undated: null,
  isUndatedCapped: false,
  holding: null,
  dependents: [],
} as const;

const knownTotals = ({ due: _due, isCapped: _isCapped, holding, dependents, ...totals }: CountedTotals) => ({
  ...totals,
  holding: holding ?? null,
  dependents: dependents ?? [],
});

const NOTHING = {
  due: 0,
  isCapped: false,
  ...NO_TOTALS,
  samples: [],
  batches: 0,
  expected: null,
  breaker: null,
} as const;

const toReason = (error: unknown) => ({
  code: isJobsweepError(error) ? error.code : null,
  message: errorText(error),
  retry: retryOf(error),
});
