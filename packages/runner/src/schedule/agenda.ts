import type { CleanupStrategy } from '@jobsweep/core';
import type { Timetable } from './timetable.js';

/** A strategy on the agenda. */
export interface Item<Session> {
  readonly strategy: CleanupStrategy<Session>;
  readonly timetable: Timetable;
  /** When its next turn is due, by the time that only grows; `Infinity`: never. */
  dueMs: number;
  isRunning: boolean;
  /** How often in a row its turn was lost to the database, and until when that keeps it from its turn. */
  losses: number;
  notBeforeMs: number;
  /** Dependencies that had their turn since it became due: it waits for none of them again. */
  readonly satisfied: Set<string>;
  /** A dependency whose turn failed, or was blocked, since it became due. */
  blockedBy: { readonly name: string; readonly status: string } | undefined;
}

/** Who is due, and in which order. Strategies that are due together are one round, ordered by their dependencies. */
export class Agenda<Session> {
  /** In the order of their turns. */
  constructor(readonly items: readonly Item<Session>[]) {}

  /** The next one whose turn can begin, the longest due first; `undefined`: none now. */
  next(nowMs: number): Item<Session> | undefined {
    let first: Item<Session> | undefined;
    for (const item of this.items) {
      if (!isDue(item, nowMs) || item.notBeforeMs > nowMs) continue;
      if (item.blockedBy === undefined && this.waits(item, nowMs)) continue;
      if (first === undefined || item.dueMs < first.dueMs) first = item;
    }
    return first;
  }

  /** When somebody is due who is not yet; `Infinity`: nobody. */
  nextDueMs(nowMs: number): number {
    const waiting = this.items.filter(({ isRunning }) => !isRunning);
    const times = waiting.map(({ dueMs, notBeforeMs }) => Math.max(dueMs, notBeforeMs));
    return Math.min(...times.filter((ms) => ms > nowMs));
  }

  runningCount(): number {
    return this.items.filter(({ isRunning }) => isRunning).length;
  }

  begin(item: Item<Session>): void {
    item.isRunning = true;
  }

  /** Its turn ended, or it was blocked: those that waited for it wait no longer. */
  settle(item: Item<Session>, status: string, dueMs: number, nowMs: number): void {
    const { name } = item.strategy;
    for (const other of this.items) {
      if (other.isRunning || !isDue(other, nowMs) || !other.strategy.metadata.dependsOn.includes(name)) continue;
      other.satisfied.add(name);
      if (status === 'failed' || status === 'blocked') other.blockedBy ??= { name, status };
    }
    item.isRunning = false;
    item.dueMs = dueMs;
    item.losses = 0;
    item.notBeforeMs = 0;
    item.satisfied.clear();
    item.blockedBy = undefined;
  }

  /** Its turn was lost to a database that was gone, or could not do it, and is still to be taken: those that wait for it go on waiting. */
  lose(item: Item<Session>, dueMs: number, notBeforeMs: number): void {
    item.isRunning = false;
    item.dueMs = dueMs;
    item.losses += 1;
    item.notBeforeMs = notBeforeMs;
  }

  private waits({ strategy, satisfied }: Item<Session>, nowMs: number): boolean {
    return this.items.some(
      (other) =>
        strategy.metadata.dependsOn.includes(other.strategy.name) &&
        !satisfied.has(other.strategy.name) &&
        (other.isRunning || isDue(other, nowMs)),
    );
  }
}

function isDue({ isRunning, dueMs }: Item<never>, nowMs: number): boolean {
  return !isRunning && dueMs <= nowMs;
}
