import { isJobsweepError, type Logger } from '@jobsweep/core';
import { messageOf } from './message-of.js';
import type { RunnerTiming } from './timing.js';

/** Whether the database answers. What it says when it goes and when it comes back is one line each. */
export class Readiness {
  isReady = false;
  /** Without any secret: never the text of a driver, which may repeat what it was given. */
  reason: string | null = 'The database was not asked yet';
  private lostAtMs: number | undefined;

  constructor(
    private readonly logger: Logger,
    private readonly timing: RunnerTiming,
  ) {}

  /** It cannot be reached, and nothing else was heard since. */
  get isLost(): boolean {
    return this.lostAtMs !== undefined;
  }

  answered(): void {
    this.isReady = true;
    this.reason = null;
    if (this.lostAtMs === undefined) return;
    const seconds = Math.round((this.timing.nowMs() - this.lostAtMs) / 1000);
    this.lostAtMs = undefined;
    this.logger.info(`The database answers again, after ${seconds} s`);
  }

  lost(error: unknown): void {
    this.isReady = false;
    this.reason = `The database cannot be reached (${codesOf(error).join(', ')})`;
    if (this.lostAtMs !== undefined) return;
    this.lostAtMs = this.timing.nowMs();
    this.logger.error(`${this.reason}: asking again until it answers`);
  }

  /** It can be reached, and nothing can run on it. */
  refused(error: unknown): void {
    const [code] = codesOf(error);
    const reason = `The database answers, but nothing can run on it${code ? ` (${code})` : ''}`;
    if (this.reason !== reason) this.logger.error(`${reason}: ${messageOf(error)}`);
    this.isReady = false;
    this.reason = reason;
  }
}

/** Errors after which the same question may be answered again without anybody's doing. */
export function isConnectionLoss(error: unknown): boolean {
  return isJobsweepError(error, 'CONNECTION_LOST', 'COMMIT_UNKNOWN');
}

/** The codes of an error and its causes, such as CONNECTION_LOST, ECONNREFUSED. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z0-9_]{2,40}$/.test(at.code)) codes.push(at.code);
  }
  return [...new Set(codes)];
}
