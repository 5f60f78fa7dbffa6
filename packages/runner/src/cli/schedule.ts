import type { ShownSchedule } from '../schedule/next-turn.js';
import { interval } from '../words/numbers.js';
import type { Words } from '../words/words.js';

/** `every 5 s`, `0 3 * * * UTC`. */
export const scheduleInWords = (schedule: ShownSchedule, time: Words['time']): string =>
  schedule.cron === null
    ? time.every(interval(schedule.intervalSeconds, time))
    : `${schedule.cron} ${schedule.timeZone}`;
