import type { Place } from '../model.js';

/** The rows of a page that are still to be repaired, in parts that become smaller. What comes first in the page goes first. */
export class Parts<Row extends Place> {
  /** The first of the page at the end. */
  private readonly waiting: (readonly Row[])[] = [];
  private atOnce: number;

  /** @param before the place that the page began behind. */
  constructor(
    private readonly page: readonly Row[],
    private readonly before: Place | undefined,
  ) {
    this.atOnce = page.length;
  }

  /** The rows that are to be repaired next, in one batch if that goes; `undefined`: there are none. */
  next(): readonly Row[] | undefined {
    const part = this.waiting.pop();
    if (part === undefined || part.length <= this.atOnce) return part;
    this.wait(part.slice(this.atOnce));
    return part.slice(0, this.atOnce);
  }

  wait(rows: readonly Row[]): void {
    if (rows.length > 0) this.waiting.push(rows);
  }

  /** Rows that failed together: some of them may be sound. */
  divide(rows: readonly Row[]): void {
    const middle = Math.ceil(rows.length / 2);
    this.wait(rows.slice(middle));
    this.wait(rows.slice(0, middle));
  }

  /**
   * A transaction did not come to the rest of its rows, if there is one. The next one is given no more than twice as many as that did, so that
   * it locks few in vain.
   */
  leave(rest: readonly Row[], rows: readonly Row[]): void {
    const done = rows.length - rest.length;
    this.atOnce = Math.max(2 * done, rest.length > 0 ? 1 : this.atOnce);
    this.wait(rest);
  }

  /** The place before all rows that wait, where `rest` is to wait before the others. */
  placeBefore(rest: readonly Row[] = []): Place | undefined {
    const [first] = rest.length > 0 ? rest : (this.waiting.at(-1) ?? []);
    if (first === undefined) return this.page.at(-1) ?? this.before;
    return this.page[this.page.findIndex(({ id }) => id === first.id) - 1] ?? this.before;
  }
}
