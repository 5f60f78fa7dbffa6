import type { StoreInspection } from '@jobsweep/core';
import type { RunnerTiming } from '../timing.js';

/** An answer of the database tells its time for so long; clocks do not drift far meanwhile. */
const FRESH_MS = 600_000;

/**
 * The database's clock, by its last answer and what has passed since. This machine's clock can be wrong, or be set
 * meanwhile: nothing here goes by it.
 */
export class DatabaseClock {
  /** How far this machine's clock is ahead; `null`: not known yet. */
  skewSeconds: number | null = null;
  private answer: { readonly databaseMs: number; readonly atMs: number } | undefined;

  constructor(private readonly timing: RunnerTiming) {}

  note(now: Date): void {
    this.answer = { databaseMs: now.getTime(), atMs: this.timing.nowMs() };
    this.skewSeconds = (this.timing.now().getTime() - now.getTime()) / 1000;
  }

  /** Its time; this machine's as long as nothing is known of it. */
  now(): Date {
    const { answer, timing } = this;
    return answer === undefined ? timing.now() : new Date(answer.databaseMs + timing.nowMs() - answer.atMs);
  }

  /** Asks the database, unless it told its time a short while ago. */
  async refresh({ inspect }: { readonly inspect: Pick<StoreInspection, 'server'> }, signal?: AbortSignal) {
    if (this.answer !== undefined && this.timing.nowMs() - this.answer.atMs < FRESH_MS) return;
    this.note((await inspect.server({ signal })).now);
  }
}
