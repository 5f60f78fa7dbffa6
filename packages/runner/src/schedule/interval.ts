import type { Timetable } from './timetable.js';

/** First turns come within this time after a start, however long the interval is. */
const MAX_FIRST_MS = 60_000;

/** Every so many seconds, from the beginning of one turn to the beginning of the next. */
export class Interval implements Timetable {
  readonly text: string;
  readonly spreadMs: number;

  constructor(private readonly seconds: number) {
    this.text = `every ${seconds} s`;
    this.spreadMs = seconds * 1000;
  }

  firstInMs(_now: Date, random: number): number {
    return random * Math.min(this.spreadMs, MAX_FIRST_MS);
  }

  nextInMs(_now: Date, agoMs: number): number {
    return Math.max(0, this.spreadMs - agoMs);
  }

  againInMs(_now: Date, dueInMs: number): number {
    return dueInMs;
  }

  notWithinSeconds(): number {
    return this.seconds;
  }
}
