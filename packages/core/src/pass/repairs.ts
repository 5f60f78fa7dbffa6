import { asError, isJobsweepError, isWorthWaitingFor, type JobsweepError } from '../errors.js';
import type { CleanupRow, Place } from '../model.js';
import type { TurnProgress } from '../service/claims.js';
import type { CleanupStore, TransactionOptions } from '../store.js';
import type { CleanupResult, CleanupStrategy } from '../strategies/strategy.js';
import type { Budget } from './budget.js';
import type { HeldTurn } from './held-turn.js';
import type { Host } from './host.js';
import type { Pace } from './pace.js';
import { Parts } from './parts.js';
import { placeText } from './place.js';
import type { StopReason } from './result.js';
import type { PassSettings } from './settings.js';
import type { Tally } from './tally.js';

type Transactions<Session> = Pick<CleanupStore<Session>, 'transaction'>;

/** What became of a page. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** There are more, which were found and that the pass may not change. Default: `false`. */
  readonly isCut?: boolean;
  /** Set when the pass must end in the middle of the page. */
  readonly stopReason: StopReason | undefined;
}

/** Repairs pages: each in one batch if that goes, and one that fails in ever smaller parts. */
export class Repairs<Session, Row extends CleanupRow> {
  /** Where the pass stands: what comes up to it was looked at. */
  place: Place | undefined;

  constructor(
    private readonly store: Transactions<Session>,
    private readonly turn: HeldTurn<Session> | undefined,
    private readonly strategy: CleanupStrategy<Session, Row>,
    private readonly settings: PassSettings,
    private readonly budget: Budget,
    private readonly pace: Pace,
    private readonly tally: Tally,
    private readonly host: Host<Session, Row>,
  ) {
    this.place = settings.place;
  }

  /** Finds a page and repairs it, in one transaction. */
  async page(find: (session: Session) => Promise<Row[]>): Promise<Page<Row>> {
    const { timing } = this.settings;
    const startedMs = timing.nowMs();
    let rows: Row[] = [];
    let parts = new Parts(rows, this.place);
    let result: CleanupResult<Row> | undefined;
    try {
      const findAndRepair = async (session: Session) => {
        rows = [];
        rows = await find(session);
        parts = new Parts(rows, this.place);
        return rows.length === 0 ? undefined : this.repair(session, rows);
      };
      result = await this.batch(findAndRepair, (done) => done && this.progress(done, parts, rows.length));
    } catch (error) {
      if (rows.length === 0) throw error;
      this.count(rows);
      this.takeFailed(rows, error, parts);
      return { rows, stopReason: await this.repairAll(parts) };
    }
    this.count(rows);
    if (result === undefined) return { rows, stopReason: undefined };
    const stopReason = await this.settleAll(result, rows, parts, timing.nowMs() - startedMs);
    return { rows, stopReason: stopReason ?? (await this.repairAll(parts)) };
  }

  /** Repairs those rows of a page that are to be repaired, which were found before. */
  found(page: readonly Row[], rows: readonly Row[]): Promise<StopReason | undefined> {
    const parts = new Parts(page, this.place);
    parts.wait(rows);
    this.place = parts.placeBefore();
    return this.repairAll(parts);
  }

  /** Rows were found, whatever becomes of them. */
  count(rows: readonly Row[]): void {
    this.budget.looked(rows.length);
    this.tally.found(rows.length);
  }

  /** Runs what may take long between two batches, without losing the claim over it. */
  keeping<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.turn === undefined ? work() : this.turn.during(work);
  }

  /** Leaves the database to others for as long as it is their turn: between two batches, and before the first write. */
  async breathe(): Promise<void> {
    if (this.pace.mustWait()) await this.keeping(() => this.pace.wait());
  }

  bounds(): TransactionOptions {
    return { signal: this.settings.signal, timeoutSeconds: this.budget.secondsLeft() };
  }

  /** Repairs what waits, down to the single rows that make a batch fail. Their versions guard rows, so they need not be found again. */
  private async repairAll(parts: Parts<Row>): Promise<StopReason | undefined> {
    const { timing } = this.settings;
    for (let part = parts.next(); part !== undefined; part = parts.next()) {
      const rows = part;
      await this.breathe();
      const interruption = this.budget.interruption();
      if (interruption !== undefined) return interruption;
      // A refused batch takes back the term that it began.
      await this.turn?.renew();
      const startedMs = timing.nowMs();
      let result: CleanupResult<Row>;
      try {
        result = await this.batch(
          (session) => this.repair(session, rows),
          (done) => this.progress(done, parts, 0),
        );
      } catch (error) {
        this.takeFailed(rows, error, parts);
        continue;
      }
      const stopReason = await this.settleAll(result, rows, parts, timing.nowMs() - startedMs);
      if (stopReason !== undefined) return stopReason;
    }
    return undefined;
  }

  /** Rows that failed are divided further, a single one is left, and any other error ends the pass. So does one for later. */
  private takeFailed(rows: readonly Row[], error: unknown, parts: Parts<Row>): void {
    if (!this.isDivisible(error)) {
      if (isJobsweepError(error, 'COMMIT_UNKNOWN')) this.tally.unknown(rows.length);
      throw error;
    }
    const [row] = rows;
    if (rows.length > 1 || row === undefined) parts.divide(rows);
    else if (isWorthWaitingFor(error)) throw error;
    else if (error.retry === 'now') this.tally.contended(1);
    else this.tally.block(row.id, error);
    this.place = parts.placeBefore();
  }

  /** A smaller batch may get through: one of its rows was refused, or it was too large or too long for the others. */
  private isDivisible(error: unknown): error is JobsweepError {
    if (this.budget.isTimeout(error)) return false;
    return isJobsweepError(error) && error.isDivisible;
  }

  private async repair(session: Session, rows: readonly Row[]): Promise<CleanupResult<Row>> {
    const result = await this.strategy.cleanup(session, { rows, signal: this.settings.signal });
    if (result.changed.length > 0) await this.host.within(session, result.changed);
    return result;
  }

  /** How far the turn will have come with a batch, of which so many rows were not counted as found before. */
  private progress(result: CleanupResult<Row>, parts: Parts<Row>, newlyFound: number): TurnProgress {
    return { ...this.tally.after(result, newlyFound), place: placeText(parts.placeBefore(result.rest)) };
  }

  private async batch<Result>(
    work: (session: Session) => Promise<Result>,
    progress: (result: Result) => TurnProgress | undefined,
  ): Promise<Result> {
    try {
      if (this.turn === undefined) return await this.store.transaction(work, this.bounds());
      return await this.turn.batch({ work, progress }, this.bounds());
    } catch (error) {
      this.pace.size.failed(error);
      throw this.host.explained(error);
    }
  }

  /** After the commit of a batch: what it left waits, and rows that one transaction could not finish are finished. */
  private async settleAll(
    result: CleanupResult<Row>,
    rows: readonly Row[],
    parts: Parts<Row>,
    batchMs: number,
  ): Promise<StopReason | undefined> {
    parts.leave(result.rest ?? [], rows);
    this.place = parts.placeBefore();
    this.pace.took(rows.length - (result.rest ?? []).length, batchMs);
    await this.settle(result, batchMs);
    let { unfinished = [] } = result;
    while (unfinished.length > 0) {
      await this.breathe();
      const stopReason = this.budget.interruption();
      if (stopReason !== undefined) return stopReason;
      unfinished = await this.finish(unfinished);
    }
    return undefined;
  }

  /** What is left of a row that was changed is found by other strategies too, so nothing depends on the answer. */
  private async finish(rows: readonly Row[]): Promise<readonly Row[]> {
    const { signal } = this.settings;
    const { timing } = this.settings;
    const startedMs = timing.nowMs();
    const work = async (session: Session) => (await this.strategy.finish?.(session, rows, { signal })) ?? [];
    const left = await this.batch(work, () => undefined);
    this.pace.owe(0, timing.nowMs() - startedMs);
    return left;
  }

  /** After the commit, and only then: counts, texts, and the host's own callbacks. */
  private async settle(result: CleanupResult<Row>, batchMs: number): Promise<void> {
    const { changed } = result;
    this.tally.committed(result);
    this.budget.changed(result.itemsCleaned);
    await this.keeping(async () => {
      if (changed.length > 0) {
        await this.tell(() => this.strategy.announce(changed));
        for (const callback of this.host.repaired(changed)) await this.tell(callback);
      }
      await this.tell(() => this.settings.onBatch(this.tally.counts(), batchMs));
    });
  }

  private async tell(callback: () => void | Promise<void>): Promise<void> {
    try {
      await callback();
    } catch (error) {
      this.settings.logger.error(
        `[${this.strategy.name}] A callback failed after the commit: ${String(asError(error))}`,
      );
    }
  }
}
