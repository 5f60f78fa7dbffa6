import type { PassResult, Rule } from '@jobsweep/core';
import type { RunnerEvents, RunnerStatus, StrategyReport, StrategyState } from '../../src/index.js';
import type { ObservableRunner } from '../../src/observe/index.js';

const RULES: readonly Rule[] = [
  { name: 'completed_job_cleanup' },
  { name: 'stale_reservation_cleanup', maxAgeMinutes: 10 },
  { name: 'stuck_job_cleanup', maxAgeHours: 48 },
  { name: 'old_job_cleanup', maxAgeDays: 30 },
];

type Listener = (event: never) => void;

/** A runner that does nothing and says what it is told to. The four strategies take part, but for `old_job_cleanup`. */
export function fakeRunner() {
  const listeners = new Map<string, Set<Listener>>();
  let status: RunnerStatus = {
    state: 'running',
    isReady: true,
    notReadyReason: null,
    holder: 'host-1:4711',
    isCoordinated: true,
    clockSkewSeconds: 0.25,
    strategies: RULES.map(({ name }) => aState(name)),
  };
  const runner: ObservableRunner = {
    strategies: RULES.map((rule) => ({ name: rule.name, rule })),
    status: () => status,
    on(name, listener) {
      const those = listeners.get(name) ?? new Set();
      listeners.set(name, those.add(listener));
      return () => void those.delete(listener);
    },
  };
  return {
    runner,
    emit<Name extends keyof RunnerEvents>(name: Name, event: RunnerEvents[Name]): void {
      for (const listener of listeners.get(name) ?? []) listener(event as never);
    },
    be(change: Partial<RunnerStatus>): void {
      status = { ...status, ...change };
    },
    isHeard: () => [...listeners.values()].some(({ size }) => size > 0),
  };
}

export function aState(name: string, change: Partial<StrategyState> = {}): StrategyState {
  return {
    name,
    description: `Repairs ${name}`,
    isEnabled: name !== 'old_job_cleanup',
    mode: 'repair',
    schedule: 'every 60 s',
    isRunning: false,
    runningSince: null,
    isOverdue: false,
    nextRunAt: null,
    last: null,
    ...change,
  };
}

export function aPass(name: string, change: Partial<PassResult> = {}): PassResult {
  return {
    name,
    status: 'done',
    stopReason: 'drained',
    durationMs: 250,
    waitedMs: 0,
    batchRows: 1000,
    place: null,
    itemsHolding: 0,
    itemsUnconfirmed: 0,
    blocked: [],
    itemsCleaned: 0,
    itemsFound: 0,
    itemsContended: 0,
    itemsPassedOver: 0,
    itemsBlocked: 0,
    itemsUnknown: 0,
    batches: 0,
    ...change,
  };
}

/** The end of a turn in which a pass ran. */
export function ended(strategy: string, change: Partial<PassResult> = {}) {
  const pass = aPass(strategy, change);
  const report: StrategyReport = { name: strategy, description: `Repairs ${strategy}`, status: pass.status, pass };
  return { strategy, report };
}
