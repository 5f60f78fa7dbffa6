import { duration } from '../../words/duration.js';
import type { Words } from '../../words/words.js';

type Time = Words['time'];

/** A length of time that somebody chose, exactly: `5 s`, `2 min`, `1 d`. */
export function interval(seconds: number, time: Time): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  const [size, unit] = units.find(([one]) => seconds % one === 0) ?? ([1, 's'] as const);
  return time[unit](String(seconds / size));
}

/** `3 min ago`, `in 20 s`, `now`. */
export function fromNow(moment: Date, now: Date, time: Time): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  if (Math.abs(seconds) < 1) return time.now;
  return seconds < 0 ? time.ago(duration(-seconds, time)) : time.in(duration(seconds, time));
}

/** `12`, and `<1` rather than nothing at all. */
export function percent(share: number): string {
  return share > 0 && share < 0.01 ? '<1' : String(Math.round(share * 100));
}

/** `2026-11-25 01:02:03`, in UTC. */
export const utc = (moment: Date): string => moment.toISOString().slice(0, 19).replace('T', ' ');
