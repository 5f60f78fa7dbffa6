import { constants } from 'node:os';
import { errorText, type Logger, safeLogger, silentLogger } from '@jobsweep/core';
import type { Runner } from '../runner.js';

/** What is done on signals. */
export interface StopOnSignalsOptions {
  /** Default: SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Default: silent. */
  readonly logger?: Pick<Logger, 'info' | 'warn'>;
  /** Called when the runner has stopped: the place to close servers and connections. */
  readonly onStopped?: () => void | Promise<void>;
}

/**
 * Stops a runner on the first signal, and ends the process at once on the second, with 128 and the signal's number: 130
 * or 143. Nothing is ended after the stop: the process ends by itself when nothing of it is left. Returns what ends the
 * listening. Throws `INVALID_OPTION` for a logger that lacks one of the two methods.
 *
 * @example
 * const dispose = stopOnSignals(runner, { onStopped: () => knex.destroy() });
 * await runner.start();
 */
export function stopOnSignals(runner: Pick<Runner, 'stop'>, options: StopOnSignalsOptions = {}): () => void {
  const { signals = ['SIGTERM', 'SIGINT'], onStopped } = options;
  const logger = safeLogger(options.logger ?? silentLogger, ['info', 'warn']);
  let isStopping = false;
  const stop = async () => {
    try {
      await runner.stop();
      await onStopped?.();
    } catch (error) {
      logger.warn(`Stopping failed: ${errorText(error)}`);
    } finally {
      dispose();
    }
  };
  const listener = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(128 + constants.signals[signal]);
    isStopping = true;
    logger.info(`${signal}: finishing the batches in hand, a second signal ends the process at once`);
    void stop();
  };
  const dispose = () => {
    for (const signal of signals) process.removeListener(signal, listener);
  };
  for (const signal of signals) process.on(signal, listener);
  return dispose;
}
