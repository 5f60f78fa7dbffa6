import type { en } from './words/en.js';

/** Numbers, lengths of time and times, as people of a language write them. */
export class Format {
  private readonly whole: Intl.NumberFormat;
  private readonly times: Intl.DateTimeFormat;
  private readonly days: Intl.DateTimeFormat;
  private readonly hours: Intl.DateTimeFormat;
  private readonly spans: Intl.DateTimeFormat;

  constructor(
    private readonly words: typeof en,
    language: string,
  ) {
    this.whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    this.times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
    this.days = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
    this.hours = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    this.spans = new Intl.DateTimeFormat(language, {
      ...{ month: 'short', day: 'numeric' },
      ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    });
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
    const steps = [
      [86_400, units.d],
      [3600, units.h],
      [60, units.min],
      [1, units.s],
    ] as const;
    const whole = Math.round(seconds);
    const index = steps.findIndex(([size]) => whole >= size);
    const [size, unit] = steps[Math.max(0, index)] ?? steps[3];
    const count = Math.floor(whole / size);
    const [smaller, smallerUnit] = steps[index + 1] ?? [0, units.s];
    const rest = smaller === 0 ? 0 : Math.floor((whole % size) / smaller);
    const first = unit(this.number(count));
    return rest === 0 || count >= 10 ? first : `${first} ${smallerUnit(String(rest))}`;
  }

  /** The same with one unit, where there is little room. */
  shortLength(seconds: number): string {
    const [first = '', unit = ''] = this.length(seconds).split(' ');
    return `${first} ${unit}`;
  }

  ago(seconds: number): string {
    return seconds < 1 ? this.words.justNow : this.words.ago(this.length(seconds < 60 ? Math.floor(seconds) : seconds));
  }

  in(seconds: number): string {
    return seconds < 1 ? this.words.now : this.words.in(this.length(Math.ceil(seconds)));
  }

  /** The whole time of day, in the time zone of whoever looks. */
  time(iso: string): string {
    return this.times.format(new Date(iso));
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
