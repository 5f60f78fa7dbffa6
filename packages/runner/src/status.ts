import type { RunnerParts } from './parts.js';
import { isEnabled } from './round/selection.js';
import type { Scheduler } from './schedule/scheduler.js';
import type { StrategyMode } from './turn/mode.js';
import type { StrategyReport } from './turn/report.js';

/** One strategy of a runner, as it is now. */
export interface StrategyState {
  readonly name: string;
  readonly description: string;
  /** Whether it takes part at all. */
  readonly isEnabled: boolean;
  readonly mode: StrategyMode;
  /** For people: `every 5 s`, or a cron expression with its time zone. */
  readonly schedule: string;
  readonly isRunning: boolean;
  /** Since when its turn here runs, by this machine's clock; `null`: it does not. */
  readonly runningSince: Date | null;
  /** Its turn has run longer than its timeout, the grace time and the store's `deadlineSeconds` together. */
  readonly isOverdue: boolean;
  /** When this runner asks for its next turn, by this machine's clock; past: it waits for others; `null`: not planned. */
  readonly nextRunAt: Date | null;
  /** How its last turn here ended; `null`: it had none. */
  readonly last: StrategyReport | null;
}

/** What a runner is doing. */
export interface RunnerStatus {
  readonly state: 'idle' | 'running' | 'stopping';
  /** Whether the database answered when it was last asked. */
  readonly isReady: boolean;
  /** Why not, without any secret; `null` when it is ready. */
  readonly notReadyReason: string | null;
  /** Who this runner is in claims and history. */
  readonly holder: string;
  /** Whether turns are claimed in the database. `false`: the runner works alone. `null`: not known before `start`. */
  readonly isCoordinated: boolean | null;
  /** How far this machine's clock is ahead of the database's; `null`: not known yet. */
  readonly clockSkewSeconds: number | null;
  readonly strategies: readonly StrategyState[];
}

/** What a runner is doing now; `scheduler` is the one that plans turns, if any does. */
export function statusOf<Session>(
  { connection, strategies, modes, timetables, turns, settings }: RunnerParts<Session>,
  state: RunnerStatus['state'],
  scheduler: Scheduler<Session> | undefined,
): RunnerStatus {
  const { store, readiness, clock, coordination } = connection;
  return {
    state,
    isReady: readiness.isReady,
    notReadyReason: readiness.reason,
    holder: settings.holder,
    isCoordinated: coordination.isActive,
    clockSkewSeconds: clock.skewSeconds,
    strategies: strategies.map((strategy) => {
      const { name, description, metadata } = strategy;
      const runningMs = turns.runningMs(name);
      const atMostSeconds = metadata.timeoutSeconds + settings.graceSeconds + store.deadlineSeconds;
      const dueInMs = scheduler?.dueInMs(name) ?? null;
      return {
        name,
        description,
        isEnabled: isEnabled(strategy),
        mode: modes.get(name) ?? 'repair',
        schedule: timetables.get(name)?.text ?? '',
        isRunning: runningMs !== null,
        runningSince: runningMs === null ? null : new Date(settings.timing.now().getTime() - runningMs),
        isOverdue: runningMs !== null && runningMs > atMostSeconds * 1000,
        nextRunAt: dueInMs === null ? null : new Date(settings.timing.now().getTime() + dueInMs),
        last: turns.last.get(name) ?? null,
      };
    }),
  };
}
