import { invalidOption, throwIfAborted } from '../errors.js';
import type { CleanupRow } from '../model.js';
import type { CleanupStore } from '../store.js';
import type { CleanupStrategy } from '../strategies/strategy.js';
import { DEFAULT_BATCH_ROWS } from './batch-size.js';
import { Budget } from './budget.js';
import type { PlanSample } from './plan-sample.js';
import { systemTiming } from './timing.js';

/** Rows that a plan counts, unless it is told otherwise. */
export const PLAN_AT_MOST = 10_000;

export interface PlanOptions {
  /** Stop counting here. Default: 10000. */
  readonly atMost?: number;
  /** Rows to describe. Default: 10. */
  readonly samples?: number;
  /** How long all of it may take. Default: as long as the bounds of the store let each transaction. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a pass would find. */
export interface PassPlan {
  /** Rows due, counted up to `atMost`. */
  readonly due: number;
  /** `due` is "this many or more". */
  readonly capped: boolean;
  /** The first rows. */
  readonly samples: readonly PlanSample[];
}

/**
 * Looks at what a pass would find, in read-only transactions: pages through `find` and nothing else. Rejects with
 * `INVALID_OPTION`, with `ABORTED` when `signal` fires, or with the error of the database.
 *
 * @example
 * const plan = await planPass(store, new StuckJobCleanupStrategy(store.repository));
 * console.log(plan.due, plan.samples[0]?.description);
 */
export async function planPass<Session, Row extends CleanupRow>(
  store: Pick<CleanupStore<Session>, 'transaction'>,
  strategy: CleanupStrategy<Session, Row>,
  options: PlanOptions = {},
): Promise<PassPlan> {
  const { atMost = PLAN_AT_MOST, samples = 10, timeoutSeconds, signal } = options;
  if (!Number.isInteger(atMost) || atMost < 1) throw invalidOption('atMost', atMost, 'give a whole number from 1 on');
  if (!Number.isInteger(samples) || samples < 0) {
    throw invalidOption('samples', samples, 'give a whole number from 0 on');
  }
  const bounds = { maxRows: atMost, signal, stopSignal: undefined, timing: systemTiming };
  const budget =
    timeoutSeconds === undefined ? undefined : new Budget({ ...bounds, timeoutSeconds }, systemTiming.nowMs());
  const first: Row[] = [];
  let due = 0;
  let after: Row | undefined;
  for (;;) {
    throwIfAborted(signal);
    const limit = Math.min(DEFAULT_BATCH_ROWS, atMost - due);
    const find = (session: Session) => strategy.find(session, { limit, after, signal });
    const bound = budget && { timeoutSeconds: budget.secondsLeft() };
    const rows = await store.transaction(find, { readOnly: true, signal, ...bound });
    first.push(...rows.slice(0, samples - first.length));
    due += rows.length;
    after = rows.at(-1);
    if (rows.length < limit || due >= atMost) break;
  }
  const described = first.map((row) => ({
    id: row.id,
    description: strategy.describe(row),
    dueSince: strategy.dueSince?.(row) ?? null,
  }));
  return { due, capped: due >= atMost, samples: described };
}
