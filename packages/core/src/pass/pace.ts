import { asError } from '../errors.js';
import { BatchSize, MAX_BATCH_ROWS } from './batch-size.js';
import type { Budget } from './budget.js';
import { ProbeReadings, type Wait } from './probe.js';
import type { PassSettings } from './settings.js';

/** With a limit of rows a second, a batch has no more than those of so many seconds. */
const PACED_BATCH_SECONDS = 0.2;

/** How fast a pass goes: the rows of a batch, the pause after it, and what is waited for besides. */
export class Pace {
  readonly size: BatchSize;
  /** How long the pass waited for its probe. */
  waitedMs = 0;
  private owedMs: number | undefined;
  private readonly probe: ProbeReadings | undefined;
  private readonly interrupt: AbortSignal | undefined;

  /** @param name of the strategy. */
  constructor(
    private readonly name: string,
    private readonly settings: PassSettings,
    private readonly budget: Budget,
  ) {
    const { batchRows, firstBatchRows, maxRowsPerSecond, probe, timing, signal, stopSignal } = settings;
    const most = Math.max(1, Math.floor(maxRowsPerSecond * PACED_BATCH_SECONDS));
    this.size = new BatchSize(batchRows, firstBatchRows, Math.min(most, MAX_BATCH_ROWS));
    this.interrupt = signal && stopSignal ? AbortSignal.any([signal, stopSignal]) : (signal ?? stopSignal);
    this.probe = probe && new ProbeReadings(probe, timing, this.interrupt);
  }

  /** Whether something may have to be waited for before the first write. */
  get hasProbe(): boolean {
    return this.probe !== undefined;
  }

  /** A batch was committed. */
  took(rows: number, ms: number): void {
    this.size.took(rows, ms);
    this.owe(rows, ms);
  }

  /** What was done is followed by a pause, before anything else begins. */
  owe(rows: number, ms: number): void {
    const { pauseFraction, maxRowsPerSecond } = this.settings;
    this.owedMs = (this.owedMs ?? 0) + Math.max(ms * pauseFraction, (rows / maxRowsPerSecond) * 1000 - ms);
  }

  /** Whether there is anything to wait for, as far as is known without asking. */
  mustWait(): boolean {
    return this.owedMs !== undefined || this.probe !== undefined;
  }

  /** Makes the pause that is owed, and then waits for as long as the probe says so; in any case no longer than the pass may take. */
  async wait(): Promise<void> {
    const { owedMs, budget } = this;
    this.owedMs = undefined;
    if (owedMs !== undefined && budget.stopReason() === undefined) {
      await this.settings.timing.sleep(Math.min(owedMs, budget.msLeft()), this.interrupt);
    }
    if (this.probe !== undefined) await this.waitForProbe(this.probe);
  }

  private async waitForProbe(probe: ProbeReadings): Promise<void> {
    const { budget } = this;
    const { timing } = this.settings;
    const startedMs = timing.nowMs();
    let hasWaited = false;
    while (budget.stopReason() === undefined) {
      const wait = await probe.wait();
      if (wait === undefined) break;
      if (!hasWaited) this.say(wait);
      hasWaited = true;
      await this.tell(wait);
      await timing.sleep(Math.min(probe.everyMs, budget.msLeft()), this.interrupt);
    }
    if (!hasWaited) return;
    this.waitedMs += timing.nowMs() - startedMs;
    await this.tell(undefined);
  }

  private say({ value, above, reason }: Wait): void {
    const { logger } = this.settings;
    if (reason === null) logger.info(`[${this.name}] Waits: the probe says ${value}, which is above ${above}`);
    else logger.warn(`[${this.name}] Waits for a number of the probe: ${reason}`);
  }

  private async tell(wait: Wait | undefined): Promise<void> {
    try {
      await this.settings.onWait(wait);
    } catch (error) {
      this.settings.logger.error(`[${this.name}] onWait failed: ${String(asError(error))}`);
    }
  }
}
