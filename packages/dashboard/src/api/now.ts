import type { DashboardSource, WatchedStrategy } from '@jobsweep/core';
import { type Clock, Remembered } from '../answers/remembered.js';
import { problemOf } from './problem.js';
import type { CountedBacklog, NowAnswer } from './shapes.js';

/** Passes that are shown beside what is due. */
const NEWEST = 12;

export interface NowBounds {
  /** How long it is remembered who has which turn, and what was done last. */
  readonly soonMs: number;
  /** How long what is due is. */
  readonly countMs: number;
  readonly clock: Clock;
}

/** Strategies as they stand. What is due is counted meanwhile: a count of large tables keeps nobody waiting. */
export function nowOf(source: DashboardSource, { soonMs, countMs, clock }: NowBounds): () => Promise<NowAnswer> {
  const known = new Remembered((signal) => source.strategies({ signal }), soonMs, clock);
  const newest = new Remembered((signal) => source.passes({ limit: NEWEST, signal }), soonMs, clock);
  const counts = new Map<string, Remembered<Awaited<ReturnType<DashboardSource['backlog']>>>>();

  function backlogOf({ name, isCounted }: WatchedStrategy): CountedBacklog | null {
    if (!isCounted) return null;
    const count = counts.get(name) ?? new Remembered((signal) => source.backlog(name, { signal }), countMs, clock);
    counts.set(name, count);
    const last = count.latest();
    if (last === undefined) return null;
    const ageSeconds = (clock() - last.atMs) / 1000;
    return 'error' in last
      ? { ageSeconds, problem: problemOf(last.error) }
      : { ...last.value, ageSeconds, problem: null };
  }

  return async () => {
    const { now, isInitialized, strategies } = await known.get();
    const passes = isInitialized ? await newest.get() : [];
    return {
      config: source.config,
      locale: source.locale,
      command: source.command ?? { options: '', folder: null },
      now,
      isInitialized,
      strategies: strategies.map((strategy) => ({ ...strategy, backlog: backlogOf(strategy) })),
      passes,
    };
  };
}
