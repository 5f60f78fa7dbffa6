const SECONDS_OF: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

export type TimeUnit = 'seconds' | 'minutes' | 'hours' | 'days';

const SECONDS_IN: Readonly<Record<TimeUnit, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** What a duration written as text, `5m` or `48h`, is in a unit; `undefined`: it is no such text. */
export function durationIn(unit: TimeUnit, text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const [, amount, name] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  if (amount === undefined || name === undefined) return undefined;
  const seconds = name === '' ? SECONDS_IN[unit] : SECONDS_OF[name.toLowerCase()];
  return seconds === undefined ? undefined : (Number(amount) * seconds) / SECONDS_IN[unit];
}
