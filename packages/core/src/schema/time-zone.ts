const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The last millisecond that a `Date` can have, without the days that are looked at around it. */
const LAST = 8.64e15 - 2 * DAY;
const KNOWN_HOURS = 10_000;

/** Which times without a zone are before an instant: those before `before`, apart from some that no clock shows. */
export interface LocalBefore {
  readonly before: bigint;
  readonly except?: { readonly from: bigint; readonly to: bigint };
}

/**
 * A time zone by its IANA name, as `Intl` knows it. Instants are in microseconds since 1970, and so is what its clocks show, as
 * if that were UTC. Of an hour that the clocks show twice, and of one that they leave out, the later reading counts: nothing
 * seems older than it is.
 */
export class TimeZone {
  private readonly format: Intl.DateTimeFormat;
  /** What the clocks are ahead of UTC, in milliseconds, by hours since 1970; `null`: they are put forward or back within it. */
  private readonly hours = new Map<number, number | null>();

  /** Throws `RangeError` for a name that `Intl` does not know. */
  constructor(readonly name: string) {
    const field = 'numeric';
    const fields = { year: field, month: field, day: field, hour: field, minute: field, second: field } as const;
    const options = {
      ...fields,
      timeZone: name,
      hourCycle: 'h23',
      calendar: 'gregory',
      numberingSystem: 'latn',
    } as const;
    this.format = new Intl.DateTimeFormat('en-US', options);
  }

  /** What the clocks show at an instant. */
  shownAt(instant: bigint): bigint {
    return instant + this.aheadAt(instant);
  }

  /** The instant at which the clocks show something, the last one where there are several. */
  instantOf(shown: bigint): bigint {
    const [one, other] = [-DAY, DAY].map((days) => shown - this.aheadAt(shown + toMicros(days)));
    const both = [one ?? shown, other ?? shown];
    const right = both.filter((each) => this.shownAt(each) === shown);
    const [last = shown] = (right.length === 0 ? both : right).sort((a, b) => Number(b - a));
    return last;
  }

  /** Which times that the clocks show are strictly before an instant. */
  before(instant: bigint): LocalBefore {
    const shown = this.shownAt(instant);
    const again = this.instantOf(shown);
    if (again > instant) {
      // The clocks show it once more: all that they show twice is not before.
      const change = this.changeBetween(instant, again);
      return { before: change + this.aheadAt(change) };
    }
    const dayBefore = instant - toMicros(DAY);
    const [was, is] = [this.aheadAt(dayBefore), this.aheadAt(instant)];
    if (is <= was) return { before: shown };
    const change = this.changeBetween(dayBefore, instant);
    // What the clocks left out is read by what they were ahead before, so that it lies among the times that come next.
    if (instant - change >= is - was) return { before: shown };
    return { before: shown, except: { from: instant + was, to: change + is } };
  }

  /** The instant within a span at which the clocks are put forward or back. */
  private changeBetween(from: bigint, to: bigint): bigint {
    const was = this.aheadAt(from);
    let [first, last] = [Number(from / 1000n), Number(to / 1000n)];
    while (last - first > 1) {
      const middle = Math.floor((first + last) / 2);
      if (this.aheadAt(toMicros(middle)) === was) first = middle;
      else last = middle;
    }
    return toMicros(last);
  }

  /** What the clocks are ahead of UTC at an instant. */
  private aheadAt(instant: bigint): bigint {
    const millis = Number(instant / 1000n) - (instant % 1000n < 0n ? 1 : 0);
    if (Math.abs(millis) > LAST) return 0n;
    const hour = Math.floor(millis / HOUR);
    let ahead = this.hours.get(hour);
    if (ahead === undefined) {
      const [begin, end] = [this.lookUp(hour * HOUR), this.lookUp((hour + 1) * HOUR - 1)];
      ahead = begin === end ? begin : null;
      if (this.hours.size >= KNOWN_HOURS) this.hours.clear();
      this.hours.set(hour, ahead);
    }
    return toMicros(ahead ?? this.lookUp(millis));
  }

  private lookUp(millis: number): number {
    const parts = new Map(this.format.formatToParts(millis).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const shown = new Date(0);
    shown.setUTCFullYear(part('year'), part('month') - 1, part('day'));
    shown.setUTCHours(part('hour'), part('minute'), part('second'));
    return shown.getTime() - Math.floor(millis / 1000) * 1000;
  }
}

const toMicros = (millis: number): bigint => BigInt(millis) * 1000n;
