import { Cron } from 'croner';
import type { Timetable } from './timetable.js';

/** Nobody expects three o'clock to be ten minutes late. */
const MAX_SPREAD_MS = 60_000;
/** Runners agree on the time but for the way of an answer: a turn so shortly before its time was the one of that time. */
const EARLY_SECONDS = 5;

/** The times of a cron expression. A time that nobody was there for is left out. */
export class CronTimes implements Timetable {
  readonly text: string;
  readonly spreadMs = MAX_SPREAD_MS;
  private readonly times: Cron;

  /** Throws what the parser throws. */
  constructor(cron: string, timeZone: string) {
    this.text = `${cron} (${timeZone})`;
    this.times = new Cron(cron, { timezone: timeZone, paused: true });
  }

  comesEver(): boolean {
    return this.times.nextRun() !== null;
  }

  firstInMs(now: Date): number {
    return this.nextInMs(now);
  }

  nextInMs(now: Date): number {
    const next = this.times.nextRun(now);
    return next === null ? Number.POSITIVE_INFINITY : next.getTime() - now.getTime();
  }

  againInMs(now: Date): number {
    return this.nextInMs(now);
  }

  notWithinSeconds(now: Date): number {
    // The parser leaves out a time that is exactly now.
    const [last, before] = this.times.previousRuns(2, new Date(now.getTime() + 1));
    if (last === undefined) return 0;
    const gapSeconds = before === undefined ? EARLY_SECONDS : (last.getTime() - before.getTime()) / 2000;
    return (now.getTime() - last.getTime()) / 1000 + Math.min(EARLY_SECONDS, gapSeconds);
  }
}
