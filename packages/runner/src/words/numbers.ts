import type { Words } from './words.js';

type Time = Words['time'];

/** A count as everything of jobsweep shows it: `18239`, or `10000+` where counting stopped. */
export const counted = (value: number, isCapped = false): string => `${value}${isCapped ? '+' : ''}`;

/** How long something takes or has been so, the one format for all that people read: `41 ms`, `3.2 s`, `12 min`, `5 h`, `3 d`. */
export function duration(seconds: number, time: Time): string {
  if (seconds < 1) return time.ms(String(Math.round(seconds * 1000)));
  if (seconds < 10) return time.s(tenths(seconds));
  if (seconds < 120) return time.s(String(Math.round(seconds)));
  if (seconds < 7200) return time.min(String(Math.round(seconds / 60)));
  if (seconds < 172_800) return time.h(tenths(seconds / 3600));
  return time.d(tenths(seconds / 86_400));
}

const tenths = (value: number): string => String(Math.round(value * 10) / 10);

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
