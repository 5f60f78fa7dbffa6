import { invalidOption, type StoreInspection } from '@jobsweep/core';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { packageVersion } from '../../package-version.js';
import type { ObservableRunner } from '../observable.js';
import { watchBacklog } from './backlog.js';
import { followEvents } from './follow-events.js';
import { showStatus } from './follow-status.js';
import { createInstruments } from './instruments.js';

const DEFAULT_BACKLOG_SECONDS = 60;
const MAX_BACKLOG_SECONDS = 86_400;

/** What is measured, and where to. */
export interface MetricsOptions {
  /** The store's `inspect`: what is due is counted through it. Default: none, so there is no backlog to see. */
  readonly inspect?: Pick<StoreInspection, 'totals'>;
  /** How often the backlog is counted, one bounded look for each strategy; 5 to 86400, or 0 for never. Default: 60. */
  readonly backlogSeconds?: number;
  /** Also the memory, CPU time and event loop of this process, under prom-client's own names. Default: `false`. */
  readonly processMetrics?: boolean;
  /** Where the metrics go. Default: a registry of their own, never prom-client's global one. */
  readonly registry?: Registry;
}

/** The metrics of one runner. */
export interface Metrics {
  readonly registry: Registry;
  /** The `Content-Type` of `metrics()`. */
  readonly contentType: string;
  /** All of them as text, as Prometheus reads it. Asks the database nothing. */
  metrics(): Promise<string>;
  /** Stops listening and counting; the last values stay. May be called again. */
  close(): void;
}

/**
 * Measures a runner from now on. Close it with the runner, or a last look at the backlog may come too late.
 *
 * Throws `INVALID_OPTION` for a number out of its range.
 *
 * @example
 * const metrics = createMetrics(runner, { inspect: store.inspect });
 * console.log(await metrics.metrics());
 */
export function createMetrics(runner: ObservableRunner, options: MetricsOptions = {}): Metrics {
  const { inspect, backlogSeconds = DEFAULT_BACKLOG_SECONDS, registry = new Registry() } = options;
  if (backlogSeconds !== 0 && !(backlogSeconds >= 5 && backlogSeconds <= MAX_BACKLOG_SECONDS)) {
    throw invalidOption('backlogSeconds', backlogSeconds, `give 0 or a number from 5 to ${MAX_BACKLOG_SECONDS}`);
  }
  const instruments = createInstruments(registry, () => showStatus(runner.status(), instruments));
  instruments.info.set({ version: packageVersion() }, 1);
  if (options.processMetrics === true) collectDefaultMetrics({ register: registry });
  const ends = [followEvents(runner, instruments)];
  if (inspect !== undefined && backlogSeconds > 0) {
    ends.push(watchBacklog(runner, inspect, instruments, backlogSeconds));
  }
  return {
    registry,
    contentType: registry.contentType,
    metrics: () => registry.metrics(),
    close() {
      for (const end of ends.splice(0)) end();
    },
  };
}
