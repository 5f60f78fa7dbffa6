import { invalidOption } from '../errors.js';
import { type Logger, safeLogger, silentLogger } from '../logger.js';
import type { CleanupRow, Place } from '../model.js';
import type { Claim } from '../service/claims.js';
import { checkHooks, type RepairHooks } from './hooks.js';
import { placeIn } from './place.js';
import type { PassCounts } from './result.js';
import { type PassTiming, systemTiming } from './timing.js';

/** Rows of one batch. A thousand is near the best rate of every engine measured and still a short transaction. */
export const DEFAULT_BATCH_ROWS = 1000;
const MAX_BATCH_ROWS = 5000;

/** Still whole milliseconds in 32 bits, which is what servers take. */
const MAX_TIMEOUT_SECONDS = 1_000_000;

/** Half as long as the batch took: a third of the time is left to everybody else. */
const DEFAULT_PAUSE_FRACTION = 0.5;

/** How one pass runs. Its hooks come after those of the strategy. */
export interface PassOptions<Row extends CleanupRow = CleanupRow, Session = unknown> extends RepairHooks<Row, Session> {
  /** Rows of one batch, which is one transaction; 1 to 5000. Default: 1000. */
  readonly batchRows?: number;
  /** Rows that the pass may change; it looks at no more than ten times as many. Default: no limit. */
  readonly maxRows?: number;
  /** How long the pass may take. Default: the strategy's `metadata.timeoutSeconds`. */
  readonly timeoutSeconds?: number;
  /** The pause after a batch, as a fraction of the time that the batch took; 0 to 100. Default: 0.5. */
  readonly pauseFraction?: number;
  /** Ends the pass after the statement in hand; its batch is rolled back, committed ones stay. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The turn that the pass is: every batch is written under it and keeps in it how far the pass has come, and it is renewed
   * around all that may take long. Default: none, and nothing keeps another pass from the same rows.
   */
  readonly claim?: Claim | undefined;
  /**
   * Where to go on: `place` of the pass before. The pass comes round to the rows before it in the end. One that the tables do not
   * know any more is as good as none. Default: that of `claim`, or else none, and the pass begins with the first row.
   */
  readonly place?: string | null | undefined;
  /** Ends the pass after the batch in hand, which is committed. */
  readonly stopSignal?: AbortSignal | undefined;
  /**
   * Asked once, when the first rows that are due were found and before anything is written: `false` ends the pass with
   * `tripped`, a number is that of the rows that it may change. What it rejects with fails the pass. No transaction is open
   * meanwhile.
   */
  readonly admit?: (() => Promise<boolean | number>) | undefined;
  /** Gets the counts so far after each batch, and how long that batch took. Errors of it are logged. */
  readonly onBatch?: ((counts: PassCounts, batchMs: number) => void | Promise<void>) | undefined;
  /** Default: silent. */
  readonly logger?: Logger;
  /** For tests. Default: real time. */
  readonly timing?: PassTiming;
}

/** `PassOptions` with nothing left open, but for the hooks. */
export interface PassSettings {
  readonly batchRows: number;
  readonly maxRows: number;
  readonly timeoutSeconds: number;
  readonly pauseFraction: number;
  readonly signal: AbortSignal | undefined;
  readonly claim: Claim | undefined;
  readonly place: Place | undefined;
  readonly stopSignal: AbortSignal | undefined;
  readonly admit: (() => Promise<boolean | number>) | undefined;
  readonly onBatch: (counts: PassCounts, batchMs: number) => void | Promise<void>;
  readonly logger: Logger;
  readonly timing: PassTiming;
}

/**
 * Fills in the defaults. Throws `INVALID_OPTION` for a number out of its range, a logger that lacks a method, and a hook that
 * is no function.
 */
export function passSettings(timeoutSeconds: number, options: PassOptions): PassSettings {
  checkHooks('', options);
  const settings: PassSettings = {
    batchRows: options.batchRows ?? DEFAULT_BATCH_ROWS,
    maxRows: options.maxRows ?? Number.POSITIVE_INFINITY,
    timeoutSeconds: options.timeoutSeconds ?? timeoutSeconds,
    pauseFraction: options.pauseFraction ?? DEFAULT_PAUSE_FRACTION,
    signal: options.signal,
    claim: options.claim,
    place: placeIn(options.place ?? options.claim?.place),
    stopSignal: options.stopSignal,
    admit: options.admit,
    onBatch: options.onBatch ?? (() => {}),
    logger: safeLogger(options.logger ?? silentLogger),
    timing: options.timing ?? systemTiming,
  };
  const { batchRows, maxRows, pauseFraction } = settings;
  if (!Number.isInteger(batchRows) || batchRows < 1 || batchRows > MAX_BATCH_ROWS) {
    throw invalidOption('batchRows', batchRows, `give a whole number from 1 to ${MAX_BATCH_ROWS}`);
  }
  if (maxRows !== Number.POSITIVE_INFINITY && !(Number.isInteger(maxRows) && maxRows >= 1)) {
    throw invalidOption('maxRows', maxRows, 'give a whole number from 1 on');
  }
  if (!(settings.timeoutSeconds > 0 && settings.timeoutSeconds <= MAX_TIMEOUT_SECONDS)) {
    throw invalidOption(
      'timeoutSeconds',
      settings.timeoutSeconds,
      `give a number above 0 and at most ${MAX_TIMEOUT_SECONDS}`,
    );
  }
  if (!(pauseFraction >= 0 && pauseFraction <= 100)) {
    throw invalidOption('pauseFraction', pauseFraction, 'give a number from 0 to 100');
  }
  return settings;
}

/** Throws `INVALID_OPTION` for a number out of its range: for those who build passes before they run them. */
export function checkPassOptions(options: PassOptions): void {
  passSettings(1, options);
}
