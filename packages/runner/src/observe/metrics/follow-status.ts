import type { RunnerStatus } from '../../status.js';
import { readiness } from '../http/health.js';
import type { Instruments } from './instruments.js';

/** Copies into the gauges what a runner is doing now. What is not known has no value, rather than a false 0. */
export function showStatus(status: RunnerStatus, instruments: Instruments): void {
  const { ready, coordinated, clockSkew, enabled, paused, observing, running, nextRun } = instruments;
  ready.set(readiness(status).isReady ? 1 : 0);
  if (status.isCoordinated === null) coordinated.remove();
  else coordinated.set(status.isCoordinated ? 1 : 0);
  if (status.clockSkewSeconds === null) clockSkew.remove();
  else clockSkew.set(status.clockSkewSeconds);
  for (const { name: strategy, isEnabled, mode, isRunning, nextRunAt, last } of status.strategies) {
    enabled.set({ strategy }, isEnabled ? 1 : 0);
    paused.set({ strategy }, last?.status === 'paused' ? 1 : 0);
    observing.set({ strategy }, mode === 'observe' ? 1 : 0);
    running.set({ strategy }, isRunning ? 1 : 0);
    if (nextRunAt === null) nextRun.remove({ strategy });
    else nextRun.set({ strategy }, nextRunAt.getTime() / 1000);
  }
}
