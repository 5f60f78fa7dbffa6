import { JobsweepError } from '@jobsweep/core';
import type { ClientSession } from 'mongoose';

/**
 * When something last happened in a transaction. MongoDB cannot be told to end one that is idle, so one that was idle for
 * too long, since its process was stopped, say, is not committed when it comes back.
 */
export class Activity {
  private lastMs = monotonicMs();

  constructor(private readonly idleTimeoutMs: number) {}

  /** Something happened now. */
  note(): void {
    this.lastMs = monotonicMs();
  }

  /** Throws `CONFLICT`, as the server does for a transaction that it has ended. */
  requireRecent(session: ClientSession): void {
    // The driver's own note of when a command was sent, which sees the commands of others too.
    const { lastUse } = session.serverSession;
    const idleMs = monotonicMs() - Math.max(this.lastMs, lastUse);
    if (idleMs <= this.idleTimeoutMs) return;
    const message = `The transaction was idle for ${Math.round(idleMs)} ms, and at most ${this.idleTimeoutMs} ms are allowed. Try again.`;
    throw new JobsweepError('CONFLICT', message);
  }
}

/** By a clock that nobody sets, and that the driver goes by as well; it goes on while the process is stopped. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
