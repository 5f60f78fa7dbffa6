/** `41 ms`, `3.2 s`, `12 min`, `5 h`, `3 d`. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${tenths(seconds)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${tenths(seconds / 3600)} h`;
  return `${tenths(seconds / 86_400)} d`;
}

/** A length of time that somebody chose, exactly: `5 s`, `2 min`, `1 d`. */
export function interval(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  const [size, name] = units.find(([one]) => seconds % one === 0) ?? [1, 's'];
  return `${seconds / size} ${name}`;
}

/** `3 min ago`, `in 20 s`, `now`. */
export function fromNow(time: Date, now: Date): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  if (Math.abs(seconds) < 1) return 'now';
  return seconds < 0 ? `${duration(-seconds)} ago` : `in ${duration(seconds)}`;
}

/** `12`, and `<1` rather than nothing at all. */
export function percent(share: number): string {
  return share > 0 && share < 0.01 ? '<1' : String(Math.round(share * 100));
}

/** `2026-11-25 01:02:03`, in UTC. */
export const utc = (time: Date): string => time.toISOString().slice(0, 19).replace('T', ' ');

const tenths = (value: number): string => String(Math.round(value * 10) / 10);
