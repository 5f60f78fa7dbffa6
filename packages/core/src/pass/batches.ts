import type { CleanupRow, Place } from '../model.js';
import type { CleanupStore } from '../store.js';
import type { CleanupStrategy } from '../strategies/strategy.js';
import type { Budget } from './budget.js';
import type { Host } from './host.js';
import type { Pace } from './pace.js';
import { mayBeUnreadable } from './place.js';
import type { Page, Repairs } from './repairs.js';
import type { StopReason } from './result.js';
import type { PassSettings } from './settings.js';
import type { Tally } from './tally.js';

/** Which rows are looked at: behind one place and up to another. */
interface Range {
  readonly after: Place | undefined;
  readonly upTo: Place | undefined;
}

const ALL: Range = { after: undefined, upTo: undefined };

/** The loop of a pass: one page at a time, from where the pass before ended, and round to there. */
export class Batches<Session, Row extends CleanupRow> {
  private isAdmitted: boolean;

  constructor(
    private readonly store: Pick<CleanupStore<Session>, 'transaction'>,
    private readonly strategy: CleanupStrategy<Session, Row>,
    private readonly settings: PassSettings,
    private readonly budget: Budget,
    private readonly pace: Pace,
    private readonly tally: Tally,
    private readonly host: Host<Session, Row>,
    private readonly repairs: Repairs<Session, Row>,
  ) {
    this.isAdmitted = settings.admit === undefined && !pace.hasProbe;
  }

  /** Repairs page after page. The cursor moves past rows that did not change, so they starve nobody. */
  async drain(): Promise<StopReason> {
    const { place } = this.settings;
    let range: Range = { ...ALL, after: place };
    /** Where the pass comes round to: it looks at each row once. */
    let roundTo = place;
    for (;;) {
      if (this.isAdmitted) await this.repairs.breathe();
      const stopReason = this.budget.stopReason();
      if (stopReason !== undefined) return stopReason;
      const limit = Math.min(this.pace.size.rows, this.budget.rowsLeft);
      this.repairs.place = range.after;
      const page = await this.readable(range, limit);
      if (page === undefined) {
        [range, roundTo] = [ALL, undefined];
        continue;
      }
      if (page.stopReason !== undefined) return page.stopReason;
      const next =
        page.rows.length < limit && !page.isCut ? roundFrom(range, roundTo) : { ...range, after: page.rows.at(-1) };
      if (next === undefined) return this.tally.counts().itemsBlocked > 0 ? 'blocked' : 'drained';
      range = next;
    }
  }

  /** Nothing, where the place that the pass began at seems to be none any more. */
  private async readable(range: Range, limit: number): Promise<Page<Row> | undefined> {
    try {
      return await this.nextPage(range, limit);
    } catch (error) {
      const isFirst = range.after !== undefined && this.tally.counts().itemsFound === 0;
      if (!isFirst || this.budget.isTimeout(error) || !mayBeUnreadable(error)) throw error;
      return undefined;
    }
  }

  private nextPage(range: Range, limit: number): Promise<Page<Row>> {
    const { signal } = this.settings;
    const find = (session: Session) => this.strategy.find(session, { ...range, limit, signal });
    return this.isAdmitted && !this.host.confirms ? this.repairs.page(find) : this.pageAskedAbout(find);
  }

  /**
   * Once rows are due, asks for admission and has the host confirm them, outside any transaction; then repairs what was found
   * before: its versions guard it meanwhile.
   */
  private async pageAskedAbout(find: (session: Session) => Promise<Row[]>): Promise<Page<Row>> {
    const { repairs, host } = this;
    const { timing } = this.settings;
    const startedMs = timing.nowMs();
    const rows = await repairs.keeping(() => this.store.transaction(find, { ...repairs.bounds(), readOnly: true }));
    const findMs = timing.nowMs() - startedMs;
    if (rows.length === 0) return { rows, stopReason: undefined };
    repairs.count(rows);
    if (!this.isAdmitted && !(await this.admit())) return { rows, stopReason: 'tripped' };
    const stopReason = this.budget.interruption();
    if (stopReason !== undefined) return { rows, stopReason };
    // It may have been admitted for fewer than were found by then: those are for another pass.
    const some = rows.slice(0, this.budget.changesLeft);
    this.tally.found(some.length - rows.length);
    const confirmed = await repairs.keeping(() => host.confirm(some));
    this.tally.unconfirmed(some.length - confirmed.length);
    const ended = await repairs.found(some, confirmed);
    this.pace.owe(some.length - confirmed.length, findMs);
    return { rows: some, isCut: some.length < rows.length, stopReason: ended };
  }

  private async admit(): Promise<boolean> {
    const admitted = await this.repairs.keeping(async () => (await this.settings.admit?.()) ?? true);
    if (typeof admitted === 'number') this.budget.changeAtMost(admitted);
    this.isAdmitted = admitted !== false;
    if (this.isAdmitted) await this.repairs.breathe();
    return this.isAdmitted;
  }
}

/** What comes behind the last page: the rows up to the place that the pass began behind, or nothing any more. */
const roundFrom = ({ upTo }: Range, roundTo: Place | undefined): Range | undefined =>
  roundTo === undefined || upTo !== undefined ? undefined : { ...ALL, upTo: roundTo };
