import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { MemoryDatabase } from '@jobsweep/core/memory';
import type { RunnerTiming } from '../../src/index.js';
import { type Sleeper, Sleepers } from './sleepers.js';

const DATABASE_EPOCH = Date.parse('2026-03-10T12:00:00Z');

/** Time that passes only when a test says so. The host's clock is its own: `hostAheadMs` puts it ahead of the database's. */
export class ManualTime implements RunnerTiming {
  ms = 0;
  hostAheadMs = 0;
  /** What chance gives. */
  chance = 0;
  private readonly sleepers = new Sleepers(this);

  readonly nowMs = () => this.ms;
  readonly now = () => new Date(DATABASE_EPOCH + this.ms + this.hostAheadMs);
  readonly random = () => this.chance;
  readonly sleep = this.sleepers.sleep;

  /** How many wait for time to pass. */
  get sleeping(): number {
    return this.sleepers.count;
  }

  /** Until everything that can happen now has happened. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 30; turn++) await turnOfTheLoop();
  }

  /** Lets time pass, and wakes those who sleep in their order. */
  async pass(seconds: number): Promise<void> {
    const endMs = this.ms + seconds * 1000;
    await this.settle();
    for (let next = this.first(endMs); next !== undefined; next = this.first(endMs)) {
      this.ms = Math.max(this.ms, next.untilMs);
      next.wake();
      await this.settle();
    }
    this.ms = endMs;
  }

  private first(endMs: number): Sleeper | undefined {
    const next = this.sleepers.first();
    return next !== undefined && next.untilMs <= endMs ? next : undefined;
  }
}

/** A database in memory whose clock goes with `time`, and whose own tables are there unless they are left out. */
export class TimedDatabase extends MemoryDatabase {
  constructor(private readonly time: ManualTime) {
    super();
  }

  override now(): string {
    return new Date(DATABASE_EPOCH + this.time.ms).toISOString().replace('Z', '000Z');
  }
}
