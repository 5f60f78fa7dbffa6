const FIELD_LINE = /^;\s*([A-Za-z][A-Za-z ]*?)\s*:\s*(.*)$/;
/** What must not reach a terminal. */
const CONTROL = /\p{Cc}+/gu;

/** Enough of any field for a person; a header may hold anything. */
const MAX_LENGTH = 120;

/** What the `;` lines of a log say about it. Of a field that comes twice the first counts. */
export class Header {
  private readonly values = new Map<string, string>();

  add(line: string): void {
    const [, name = '', value = ''] = FIELD_LINE.exec(line.trim()) ?? [];
    const text = value.replace(CONTROL, ' ').trim().slice(0, MAX_LENGTH);
    if (text !== '' && !this.values.has(name)) this.values.set(name, text);
  }

  get computer(): string | undefined {
    return this.values.get('Computer');
  }

  get installation(): string | undefined {
    return this.values.get('Installation');
  }

  /** When the log starts, in seconds since 1970. */
  get unixStartSeconds(): number | undefined {
    const value = this.values.get('UnixStartTime') ?? '';
    const seconds = /^\d+(?:\s|$)/.test(value) ? Number.parseInt(value, 10) : 0;
    // 0 and -1 stand for "unknown" in logs whose conversion had no date.
    return seconds > 0 ? seconds : undefined;
  }

  /** Where the log is from, as a name of the time zone database. */
  get timeZone(): string | undefined {
    return this.values.get('TimeZoneString');
  }
}
