import { asError, isJobsweepError, isWorthWaitingFor, type JobsweepError } from '../errors.js';
import type { TurnProgress } from '../service/claims.js';
import type { CleanupStore, TransactionOptions } from '../store.js';
import type { CleanupResult, CleanupRow, CleanupStrategy } from '../strategies/strategy.js';
import type { Budget } from './budget.js';
import type { HeldTurn } from './held-turn.js';
import type { StopReason } from './result.js';
import type { PassSettings } from './settings.js';
import type { Tally } from './tally.js';

type Transactions<Session> = Pick<CleanupStore<Session>, 'transaction'>;

interface Page<Row> {
  readonly rows: readonly Row[];
  /** Set when the pass must end in the middle of the page. */
  readonly stopReason: StopReason | undefined;
}

/** What became of some rows. */
interface Repaired<Row> {
  /** Set when the pass must end. */
  readonly stopReason: StopReason | undefined;
  /** Those that the transaction did not come to. */
  readonly rest?: readonly Row[] | undefined;
}

/** The loop of a pass: one page at a time, and a page that fails in ever smaller parts. */
export class Batches<Session, Row extends CleanupRow> {
  private isAdmitted: boolean;
  private readonly interrupt: AbortSignal | undefined;

  constructor(
    private readonly store: Transactions<Session>,
    private readonly turn: HeldTurn<Session> | undefined,
    private readonly strategy: CleanupStrategy<Session, Row>,
    private readonly settings: PassSettings<Row>,
    private readonly budget: Budget,
    private readonly tally: Tally,
  ) {
    const { signal, stopSignal, admit } = settings;
    this.isAdmitted = admit === undefined;
    this.interrupt = signal && stopSignal ? AbortSignal.any([signal, stopSignal]) : (signal ?? stopSignal);
  }

  /** Repairs page after page. The cursor moves past rows that did not change, so they starve nobody. */
  async drain(): Promise<StopReason> {
    const { batchRows, timing } = this.settings;
    let after: Row | undefined;
    for (;;) {
      const stopReason = this.budget.stopReason();
      if (stopReason !== undefined) return stopReason;
      const startedMs = timing.nowMs();
      const limit = Math.min(batchRows, this.budget.rowsLeft);
      const page = await this.nextPage(limit, after);
      if (page.stopReason !== undefined) return page.stopReason;
      if (page.rows.length < limit) return this.tally.counts().itemsBlocked > 0 ? 'blocked' : 'drained';
      after = page.rows.at(-1);
      await this.pause(timing.nowMs() - startedMs);
    }
  }

  private async pause(batchMs: number): Promise<void> {
    if (this.budget.stopReason() !== undefined) return;
    const { pauseFraction, timing } = this.settings;
    const pauseMs = Math.min(batchMs * pauseFraction, this.budget.msLeft());
    await this.keeping(() => timing.sleep(pauseMs, this.interrupt));
  }

  private nextPage(limit: number, after: Row | undefined): Promise<Page<Row>> {
    return this.isAdmitted ? this.repairPage(limit, after) : this.admitPage(limit, after);
  }

  /**
   * Asks for admission once something is due, outside any transaction, and repairs what was found before: its versions
   * guard it meanwhile.
   */
  private async admitPage(limit: number, after: Row | undefined): Promise<Page<Row>> {
    const find = (session: Session) => this.strategy.find(session, { limit, after, signal: this.settings.signal });
    const rows = await this.keeping(() => this.store.transaction(find, { ...this.bounds(), readOnly: true }));
    if (rows.length === 0) return { rows, stopReason: undefined };
    this.isAdmitted = await this.keeping(async () => (await this.settings.admit?.()) ?? true);
    this.count(rows);
    if (!this.isAdmitted) return { rows, stopReason: 'tripped' };
    return { rows, stopReason: this.budget.interruption() ?? (await this.repairAll(rows)) };
  }

  /**
   * Repairs rows that were found before, in one batch if that goes. Where a transaction does not come to all of them, the
   * next one is given no more than twice as many as that did, so that it locks few in vain.
   */
  private async repairAll(rows: readonly Row[]): Promise<StopReason | undefined> {
    let waiting = rows;
    let atOnce = rows.length;
    while (waiting.length > 0) {
      const interruption = this.budget.interruption();
      if (interruption !== undefined) return interruption;
      const part = waiting.slice(0, atOnce);
      const { stopReason, rest = [] } = await this.repairPart(part);
      if (stopReason !== undefined) return stopReason;
      waiting = [...rest, ...waiting.slice(part.length)];
      atOnce = Math.max(1, 2 * (part.length - rest.length));
    }
    return undefined;
  }

  private async repairPart(rows: readonly Row[]): Promise<Repaired<Row>> {
    const startedMs = this.settings.timing.nowMs();
    let result: CleanupResult<Row>;
    try {
      result = await this.repairFound(rows);
    } catch (error) {
      return { stopReason: await this.divide(rows, error) };
    }
    return this.settleAll(result, this.settings.timing.nowMs() - startedMs);
  }

  private async repairPage(limit: number, after: Row | undefined): Promise<Page<Row>> {
    const { timing } = this.settings;
    const startedMs = timing.nowMs();
    let rows: Row[] = [];
    let result: CleanupResult<Row> | undefined;
    try {
      const findAndRepair = async (session: Session) => {
        rows = [];
        rows = await this.strategy.find(session, { limit, after, signal: this.settings.signal });
        return rows.length === 0 ? undefined : this.repair(session, rows);
      };
      result = await this.batch(findAndRepair, (done) => done && this.tally.after(done, rows.length));
    } catch (error) {
      if (rows.length === 0) throw error;
      this.count(rows);
      return { rows, stopReason: await this.divide(rows, error) };
    }
    this.count(rows);
    if (result === undefined) return { rows, stopReason: undefined };
    const { stopReason, rest = [] } = await this.settleAll(result, timing.nowMs() - startedMs);
    return { rows, stopReason: stopReason ?? (await this.repairAll(rest)) };
  }

  /**
   * Repairs rows whose batch failed in halves, down to the single rows that make it fail. Their versions guard them,
   * so they need not be found again.
   */
  private async divide(rows: readonly Row[], cause: unknown): Promise<StopReason | undefined> {
    const failed: (readonly Row[])[] = [];
    this.takeFailed(rows, cause, failed);
    for (let part = failed.pop(); part !== undefined; part = failed.pop()) {
      const middle = Math.ceil(part.length / 2);
      for (const half of [part.slice(0, middle), part.slice(middle)].filter((rows) => rows.length > 0)) {
        const stopReason = this.budget.interruption();
        if (stopReason !== undefined) return stopReason;
        // A refused batch takes back the term that it began.
        await this.turn?.renew();
        const startedMs = this.settings.timing.nowMs();
        let result: CleanupResult<Row>;
        try {
          result = await this.repairFound(half);
        } catch (error) {
          this.takeFailed(half, error, failed);
          continue;
        }
        const { stopReason: ended, rest = [] } = await this.settleAll(result, this.settings.timing.nowMs() - startedMs);
        if (ended !== undefined) return ended;
        if (rest.length > 0) failed.push(rest);
      }
    }
    return undefined;
  }

  /** A part that failed is divided further, a single row is left, and any other error ends the pass. So does one for later. */
  private takeFailed(rows: readonly Row[], error: unknown, failed: (readonly Row[])[]): void {
    if (!this.isDivisible(error)) {
      if (isJobsweepError(error, 'COMMIT_UNKNOWN')) this.tally.unknown(rows.length);
      throw error;
    }
    const [row] = rows;
    if (rows.length > 1 || row === undefined) failed.push(rows);
    else if (isWorthWaitingFor(error)) throw error;
    else if (error.retry === 'now') this.tally.contended(1);
    else this.tally.block(row.id, error);
  }

  /** A smaller batch may get through: one of its rows was refused, or it was too large or too long for the others. */
  private isDivisible(error: unknown): error is JobsweepError {
    if (this.budget.isTimeout(error)) return false;
    return isJobsweepError(error) && error.isDivisible;
  }

  private count(rows: readonly Row[]): void {
    this.budget.looked(rows.length);
    this.tally.found(rows.length);
  }

  private repair(session: Session, rows: readonly Row[]): Promise<CleanupResult<Row>> {
    return this.strategy.cleanup(session, { rows, signal: this.settings.signal });
  }

  /** Repairs rows that are counted as found already. */
  private repairFound(rows: readonly Row[]): Promise<CleanupResult<Row>> {
    return this.batch(
      (session) => this.repair(session, rows),
      (done) => this.tally.after(done, 0),
    );
  }

  private batch<Result>(
    work: (session: Session) => Promise<Result>,
    progress: (result: Result) => TurnProgress | undefined,
  ): Promise<Result> {
    if (this.turn === undefined) return this.store.transaction(work, this.bounds());
    return this.turn.batch({ work, progress }, this.bounds());
  }

  /** Runs what may take long between two batches, without losing the claim over it. */
  private keeping<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.turn === undefined ? work() : this.turn.during(work);
  }

  private bounds(): TransactionOptions {
    return { signal: this.settings.signal, timeoutSeconds: this.budget.secondsLeft() };
  }

  /** The same, and finishes rows that one transaction could not finish. */
  private async settleAll(result: CleanupResult<Row>, batchMs: number): Promise<Repaired<Row>> {
    await this.settle(result, batchMs);
    let { unfinished = [] } = result;
    while (unfinished.length > 0) {
      const stopReason = this.budget.interruption();
      if (stopReason !== undefined) return { stopReason };
      unfinished = await this.finish(unfinished);
    }
    return { stopReason: undefined, rest: result.rest };
  }

  /** What is left of a row that was changed is found by other strategies too, so nothing depends on the answer. */
  private async finish(rows: readonly Row[]): Promise<readonly Row[]> {
    const { signal } = this.settings;
    const work = async (session: Session) => (await this.strategy.finish?.(session, rows, { signal })) ?? [];
    return this.batch(work, () => undefined);
  }

  /** After the commit, and only then: counts, texts, and the host's own callbacks. */
  private async settle(result: CleanupResult<Row>, batchMs: number): Promise<void> {
    const { changed } = result;
    this.tally.committed(result);
    this.budget.changed(result.itemsCleaned);
    await this.keeping(async () => {
      if (changed.length > 0) {
        await this.tell(() => this.strategy.announce(changed));
        await this.tell(() => this.settings.onRepaired(changed));
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
