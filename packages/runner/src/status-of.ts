import { isEnabled } from './round/selection.js';
import type { ServiceParts } from './schedule/service.js';
import type { RunnerStatus } from './status.js';

/** What a runner is doing now. */
export function statusOf<Session>(parts: ServiceParts<Session>, state: RunnerStatus['state']): RunnerStatus {
  const { store, strategies, timetables, turns, readiness, clock, coordination, settings, scheduler } = parts;
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
      const dueInMs = state === 'running' ? (scheduler?.dueInMs(name) ?? null) : null;
      return {
        name,
        description,
        isEnabled: isEnabled(strategy),
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
