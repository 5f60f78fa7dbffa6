import { isEnabled } from './selection.js';
import type { ServiceParts } from './service.js';
import type { RunnerStatus } from './status.js';

/** What a runner is doing now. */
export function statusOf<Session>(parts: ServiceParts<Session>, state: RunnerStatus['state']): RunnerStatus {
  const { strategies, timetables, turns, readiness, clock, coordination, settings, scheduler } = parts;
  return {
    state,
    isReady: readiness.isReady,
    notReadyReason: readiness.reason,
    holder: settings.holder,
    isCoordinated: coordination.isActive,
    clockSkewSeconds: clock.skewSeconds,
    strategies: strategies.map((strategy) => {
      const { name, description } = strategy;
      const dueInMs = state === 'running' ? (scheduler?.dueInMs(name) ?? null) : null;
      return {
        name,
        description,
        isEnabled: isEnabled(strategy),
        schedule: timetables.get(name)?.text ?? '',
        isRunning: turns.isRunning(name),
        nextRunAt: dueInMs === null ? null : new Date(settings.timing.now().getTime() + dueInMs),
        last: turns.last.get(name) ?? null,
      };
    }),
  };
}
