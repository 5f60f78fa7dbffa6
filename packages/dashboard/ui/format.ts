import type { en } from './words/en.js';

const stepsOf = (units: typeof en.units) =>
  [
    [86_400, units.d],
    [3600, units.h],
    [60, units.min],
    [1, units.s],
  ] as const;

/** Numbers, lengths of time and times, as people of a language write them. Times are in UTC. */
export class Format {
  private readonly whole: Intl.NumberFormat;
  private readonly tenths: Intl.NumberFormat;
  private readonly times: Intl.DateTimeFormat;
  private readonly localTimes: Intl.DateTimeFormat;
  private readonly days: Intl.DateTimeFormat;
  private readonly hours: Intl.DateTimeFormat;
  private readonly spans: Intl.DateTimeFormat;

  constructor(
    private readonly words: typeof en,
    language: string,
  ) {
    this.whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    this.tenths = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
    const whole = { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' } as const;
    const day = { month: 'short', day: 'numeric', timeZone: 'UTC' } as const;
    const hour = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' } as const;
    this.times = new Intl.DateTimeFormat(language, { ...whole, timeZone: 'UTC' });
    this.localTimes = new Intl.DateTimeFormat(language, whole);
    this.days = new Intl.DateTimeFormat(language, day);
    this.hours = new Intl.DateTimeFormat(language, hour);
    this.spans = new Intl.DateTimeFormat(language, { ...day, ...hour, timeZoneName: 'short' });
  }

  number(value: number): string {
    return this.whole.format(value);
  }

  /** `10,000+` where counting stopped. */
  counted(value: number, atMost: number): string {
    return `${this.number(value)}${value >= atMost ? '+' : ''}`;
  }

  /** `3 s`, `4 min 10 s`, `2 d 4 h`: two units at most. */
  length(seconds: number): string {
    const { units } = this.words;
    if (seconds < 1) return units.ms(this.number(Math.max(0, seconds * 1000)));
    if (seconds < 10 && !Number.isInteger(seconds)) return units.s(seconds.toFixed(1));
    const steps = stepsOf(units);
    const whole = Math.round(seconds);
    const index = steps.findIndex(([size]) => whole >= size);
    const [size, unit] = steps[Math.max(0, index)] ?? steps[3];
    const count = Math.floor(whole / size);
    const [smaller, smallerUnit] = steps[index + 1] ?? [0, units.s];
    const rest = smaller === 0 ? 0 : Math.floor((whole % size) / smaller);
    const first = unit(this.number(count));
    return rest === 0 || count >= 10 ? first : `${first} ${smallerUnit(String(rest))}`;
  }

  /** Beside an axis, whose steps are round: in one unit, such as `1.5 h`. */
  tick(seconds: number): string {
    const { units } = this.words;
    if (seconds === 0) return this.number(0);
    if (seconds < 1) return units.ms(this.number(seconds * 1000));
    const [size, unit] = stepsOf(units).find(([least]) => seconds >= least) ?? [1, units.s];
    return unit(this.tenths.format(seconds / size));
  }

  ago(seconds: number): string {
    return seconds < 1 ? this.words.justNow : this.words.ago(this.length(seconds < 60 ? Math.floor(seconds) : seconds));
  }

  in(seconds: number): string {
    return seconds < 1 ? this.words.now : this.words.in(this.length(Math.ceil(seconds)));
  }

  /** The whole time of day, in UTC, as all that jobsweep and its databases say of times. */
  time(iso: string): string {
    return this.times.format(new Date(iso));
  }

  /** The same in the time zone of whoever looks. */
  localTime(iso: string): string {
    return this.localTimes.format(new Date(iso));
  }

  /** Without its date, or without its time. */
  shortTime(ms: number, kind: 'time' | 'day'): string {
    return (kind === 'day' ? this.days : this.hours).format(new Date(ms));
  }

  /** When a span of the history begins. */
  spanTime(ms: number): string {
    return this.spans.format(new Date(ms));
  }

  percent(part: number, of: number): string {
    if (of === 0) return '0 %';
    const percent = (100 * part) / of;
    return percent > 0 && percent < 1 ? '< 1 %' : `${this.number(percent)} %`;
  }
}
