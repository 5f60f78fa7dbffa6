import type { Rule, StoreInspection } from '@jobsweep/core';
import { ruleAgeSeconds } from '../../plan/rule-age.js';
import type { ObservableRunner } from '../observable.js';
import type { Instruments } from './instruments.js';

/** The most that one look at one strategy may take. */
const LOOK_MS = 30_000;

/**
 * Counts now and then what is due, for each strategy that takes part, one after the other: however often the gauges are
 * read, the database is asked once in `everySeconds`. Returns what ends it.
 */
export function watchBacklog(
  runner: ObservableRunner,
  inspect: Pick<StoreInspection, 'totals'>,
  instruments: Instruments,
  everySeconds: number,
): () => void {
  const closing = new AbortController();
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    for (const { name, rule } of runner.strategies) {
      if (closing.signal.aborted) return;
      if (rule !== undefined && isEnabled(runner, name)) await lookAt(name, rule);
      else forget(name, instruments);
    }
    isLooking = false;
  }

  async function lookAt(strategy: string, rule: Rule): Promise<void> {
    const look = new AbortController();
    const end = () => look.abort();
    const timer = setTimeout(end, LOOK_MS).unref();
    closing.signal.addEventListener('abort', end);
    try {
      const { due, population, undated, oldestAgeSeconds } = await inspect.totals(rule, { signal: look.signal });
      if (closing.signal.aborted) return;
      instruments.due.set({ strategy }, due);
      instruments.population.set({ strategy }, population);
      instruments.undated.set({ strategy }, undated);
      instruments.oldestAge.set({ strategy }, oldestAgeSeconds ?? 0);
    } catch {
      // A number that is no longer known must not look like one that is. Why the database failed, passes tell.
      forget(strategy, instruments);
      if (!closing.signal.aborted) instruments.backlogFailures.inc({ strategy });
    } finally {
      clearTimeout(timer);
      closing.signal.removeEventListener('abort', end);
    }
  }

  for (const { name: strategy, rule } of runner.strategies) {
    if (rule === undefined) continue;
    instruments.backlogFailures.inc({ strategy }, 0);
    instruments.ageLimit.set({ strategy }, ruleAgeSeconds(rule));
  }
  void look();
  const timer = setInterval(() => void look(), everySeconds * 1000);
  timer.unref();
  return () => {
    clearInterval(timer);
    closing.abort();
  };
}

function isEnabled(runner: ObservableRunner, strategy: string): boolean {
  return runner.status().strategies.some(({ name, isEnabled }) => name === strategy && isEnabled);
}

function forget(strategy: string, { due, population, undated, oldestAge }: Instruments): void {
  for (const gauge of [due, population, undated, oldestAge]) gauge.remove({ strategy });
}
