/** A time in ISO 8601 in UTC with microseconds, as the database wrote it. */
export type IsoText = string;

/** Whole microseconds since 1970. */
export function microsOf(iso: IsoText): number {
  const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(iso) ?? [];
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

/** Seconds from `clock` until `time`; negative where that has passed. */
export function secondsUntil(time: IsoText, clock: IsoText): number {
  return (microsOf(time) - microsOf(clock)) / 1e6;
}

/** The time to the millisecond, the rest cut. */
export function toDate(iso: IsoText): Date;
export function toDate(iso: IsoText | null): Date | null;
export function toDate(iso: IsoText | null): Date | null {
  return iso === null ? null : new Date(Math.floor(microsOf(iso) / 1000));
}
