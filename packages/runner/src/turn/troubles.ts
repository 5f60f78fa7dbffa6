import { asError, errorText, isWorthWaitingFor, type Logger, retryOf } from '@jobsweep/core';
import type { Readiness } from '../connection/readiness.js';
import type { Emitter } from './emitter.js';

/** Whether the same may go well another time, without anybody's doing. */
export const isPassing = (error: unknown): boolean => retryOf(error) !== 'never';

/** Tells what failed in the turns of strategies, and notes where it was the database. */
export class Troubles {
  constructor(
    private readonly readiness: Pick<Readiness, 'lost'>,
    private readonly emitter: Emitter,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  failed(strategy: string, error: unknown): void {
    if (isWorthWaitingFor(error)) this.readiness.lost(error);
    this.emitter.emit('error', { strategy, error: asError(error) });
  }

  /** Something beside the pass failed: it is told, and changes nothing. */
  besides(strategy: string, what: string, error: unknown): void {
    if (!isWorthWaitingFor(error)) this.logger.warn(`[${strategy}] ${what}: ${errorText(error)}`);
    this.failed(strategy, error);
  }
}
