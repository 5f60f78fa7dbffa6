import type { Words } from './words.js';

/** How long something takes or has been so, the one format for all that people read: `41 ms`, `3.2 s`, `12 min`, `5 h`, `3 d`. */
export function duration(seconds: number, time: Words['time']): string {
  if (seconds < 1) return time.ms(String(Math.round(seconds * 1000)));
  if (seconds < 10) return time.s(tenths(seconds));
  if (seconds < 120) return time.s(String(Math.round(seconds)));
  if (seconds < 7200) return time.min(String(Math.round(seconds / 60)));
  if (seconds < 172_800) return time.h(tenths(seconds / 3600));
  return time.d(tenths(seconds / 86_400));
}

const tenths = (value: number): string => String(Math.round(value * 10) / 10);
