import { describe, expect, it } from 'vitest';
import { TimeZone } from '../../src/schema/time-zone.js';

const micros = (iso: string) => BigInt(Date.parse(`${iso.replace(' ', 'T')}Z`)) * 1000n;
const text = (at: bigint) => new Date(Number(at / 1000n)).toISOString().slice(0, 16).replace('T', ' ');
const berlin = new TimeZone('Europe/Berlin');

/** Zones, and an instant at which their clocks are put forward or back. */
const CHANGES = [
  ['Europe/Berlin', '2026-03-29 01:00'],
  ['Europe/Berlin', '2026-10-25 01:00'],
  ['America/New_York', '2026-03-08 07:00'],
  ['America/New_York', '2026-11-01 06:00'],
  // By half an hour.
  ['Australia/Lord_Howe', '2026-04-04 15:00'],
  ['Australia/Lord_Howe', '2026-10-03 15:30'],
  // A whole day was left out.
  ['Pacific/Apia', '2011-12-30 10:00'],
  ['Asia/Kathmandu', '2026-06-01 00:00'],
  ['UTC', '2026-06-01 00:00'],
] as const;

describe('a time zone', () => {
  it.each([
    ['2026-01-10 11:30', '2026-01-10 12:30'],
    ['2026-07-10 10:30', '2026-07-10 12:30'],
    ['1969-12-31 23:30', '1970-01-01 00:30'],
  ])('shows at %s just %s, and the other way round', (instant, shown) => {
    expect(text(berlin.shownAt(micros(instant)))).toBe(shown);
    expect(text(berlin.instantOf(micros(shown)))).toBe(instant);
  });

  it.each([
    // Twice: in summer time at 00:30, in winter time an hour later.
    ['2026-10-25 02:30', '2026-10-25 01:30'],
    ['2026-10-25 01:59', '2026-10-24 23:59'],
    ['2026-10-25 03:00', '2026-10-25 02:00'],
    // Never: read by the offset before, as a clock that nobody put forward.
    ['2026-03-29 02:30', '2026-03-29 01:30'],
    ['2026-03-29 03:00', '2026-03-29 01:00'],
  ])('reads %s as the later instant', (shown, instant) => {
    expect(text(berlin.instantOf(micros(shown)))).toBe(instant);
  });

  it('keeps microseconds, also before 1970', () => {
    for (const at of [micros('2026-07-10 10:30') + 123_456n, -1n, -3_600_000_000_001n])
      expect(berlin.instantOf(berlin.shownAt(at))).toBe(at);
  });

  it.each(CHANGES)('of %s tells what is before an instant around %s just as it reads times', (name, change) => {
    const zone = new TimeZone(name);
    const [step, span] = [15 * 60_000_000, 30 * 3_600_000_000];
    const at = micros(change);
    for (let instant = at - BigInt(span); instant <= at + BigInt(span); instant += BigInt(step) * 2n) {
      for (const now of [instant, instant + 1n]) {
        const { before, except } = zone.before(now);
        const local = zone.shownAt(now);
        for (let shown = local - BigInt(span); shown <= local + BigInt(span); shown += BigInt(step)) {
          const isBefore = shown < before && !(except !== undefined && shown >= except.from && shown < except.to);
          const is = zone.instantOf(shown) < now;
          if (isBefore !== is) expect([text(now), text(shown), isBefore]).toEqual([text(now), text(shown), is]);
        }
      }
    }
    expect(zone.name).toBe(name);
  });

  it('has nothing to leave out nearly always', () => {
    expect(berlin.before(micros('2026-03-29 00:59'))).not.toHaveProperty('except');
    expect(berlin.before(micros('2026-03-29 01:00'))).toHaveProperty('except');
    expect(berlin.before(micros('2026-03-29 02:00'))).not.toHaveProperty('except');
  });

  it('says nothing of times that no Date can hold', () => {
    expect(berlin.instantOf(10n ** 25n)).toBe(10n ** 25n);
  });

  it('is refused where nobody knows it', () => {
    expect(() => new TimeZone('Europe/Nowhere')).toThrow(RangeError);
  });
});
