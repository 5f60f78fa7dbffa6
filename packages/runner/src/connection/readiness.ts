import { errorText, isJobsweepError, isWorthWaitingFor, type Logger } from '@jobsweep/core';
import type { RunnerTiming } from '../timing.js';

/**
 * Whether the database answers, and lets the work be done. What it says when it goes and when it comes back is one line
 * each.
 */
export class Readiness {
  /** Without any secret: never the text of a driver, which may repeat what it was given. */
  reason: string | null = 'The database was not asked yet';
  /** The database has to be asked before another turn begins. */
  mustAsk = true;
  /** Somebody asks until it answers: only that counts then, not what is left of before. */
  isAsking = false;
  /** Strategies whose turn the database could not do, and is to be tried again: that it answers proves nothing for them. */
  private readonly unable = new Set<string>();
  private lostAtMs: number | undefined;
  private readonly listeners = new Set<() => void>();
  /** The codes that it was last lost with. */
  private causes: readonly string[] = [];

  constructor(
    private readonly logger: Logger,
    private readonly timing: RunnerTiming,
  ) {}

  get isReady(): boolean {
    return !this.mustAsk && this.unable.size === 0;
  }

  /** Calls the listener when there is need to ask, so that nobody sleeps meanwhile. Returns what ends it. */
  onLost(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Whoever asks got all answers. */
  answered(): void {
    this.mustAsk = false;
    this.sayIfBack();
  }

  /** A turn got an answer. */
  heard(): void {
    if (!this.isAsking) this.answered();
  }

  /** It cannot be reached, or it answers and cannot work. */
  lost(error: unknown): void {
    this.mustAsk = true;
    const isAway = isUnreachable(error);
    const what = isAway ? 'The database cannot be reached' : 'The database answers, and cannot do the work now';
    const codes = codesOf(error);
    // Whoever only asks whether it takes writes hears no, and not why: what a turn was told is still so.
    if (isAway || !codes.every((code) => this.causes.includes(code))) this.causes = codes;
    this.reason = `${what} (${this.causes.join(', ')})`;
    if (this.lostAtMs === undefined) {
      this.lostAtMs = this.timing.nowMs();
      const until = isAway ? 'asking again until it answers' : `asking again until it can. ${errorText(error)}`;
      this.logger.error(`${this.reason}: ${until}`);
    }
    for (const listener of this.listeners) listener();
  }

  /** A strategy's turn was lost with it, and is tried again until it gets through. */
  waitFor(strategy: string, error: unknown): void {
    if (isWorthWaitingFor(error) && !isUnreachable(error)) this.unable.add(strategy);
  }

  /** The strategy got through, or waits no longer. */
  worked(strategy: string): void {
    if (this.unable.delete(strategy)) this.sayIfBack();
  }

  /** Nobody is waited for any more. */
  forget(): void {
    this.unable.clear();
  }

  /** It can be reached, and nothing can run on it. */
  refused(error: unknown): void {
    const [code] = codesOf(error);
    const reason = `The database answers, but nothing can run on it${code ? ` (${code})` : ''}`;
    if (this.reason !== reason) this.logger.error(`${reason}: ${errorText(error)}`);
    this.mustAsk = true;
    this.reason = reason;
    this.causes = [];
  }

  private sayIfBack(): void {
    if (!this.isReady) return;
    this.reason = null;
    this.causes = [];
    if (this.lostAtMs === undefined) return;
    const seconds = Math.round((this.timing.nowMs() - this.lostAtMs) / 1000);
    this.lostAtMs = undefined;
    this.logger.info(`The database answers again, after ${seconds} s`);
  }
}

function isUnreachable(error: unknown): boolean {
  return isJobsweepError(error, 'CONNECTION_LOST', 'COMMIT_UNKNOWN');
}

/** The codes of an error and its causes, such as CONNECTION_LOST, ECONNREFUSED. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && /^[A-Z0-9_]{2,40}$/.test(String(at.code))) codes.push(String(at.code));
  }
  return [...new Set(codes)];
}
