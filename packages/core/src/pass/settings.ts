import { invalidOption } from '../errors.js';
import type { StoreInspection } from '../inspection/inspection.js';
import { type Logger, safeLogger, silentLogger } from '../logger.js';
import type { CleanupRow, Place } from '../model.js';
import type { Claim } from '../service/claims.js';
import { DEFAULT_BATCH_ROWS, MAX_BATCH_ROWS } from './batch-size.js';
import { checkHooks, type RepairHooks } from './hooks.js';
import { placeIn } from './place.js';
import { checkProbe, type Probe, type ProbeReader, probeReader, type Wait } from './probe.js';
import type { PassCounts } from './result.js';
import { type PassTiming, systemTiming } from './timing.js';

/** Still whole milliseconds in 32 bits, which is what servers take. */
const MAX_TIMEOUT_SECONDS = 1_000_000;

/** Half as long as the batch took: a third of the time is left to everybody else. */
const DEFAULT_PAUSE_FRACTION = 0.5;

const MAX_ROWS_PER_SECOND = 1_000_000;

/** What a pass leaves to everybody else, beside the pause after each batch. */
export interface Pacing {
  /**
   * Rows that a pass looks at in a second, on average; above 0, to a million. A batch has no more than those of a fifth of
   * a second. Default: no limit.
   */
  readonly maxRowsPerSecond?: number | undefined;
  /** A number above which a pass waits: before its first write, and then as often as it says. Default: none. */
  readonly probe?: Probe | undefined;
}

/** How one pass runs. Its hooks come after those of the strategy. */
export interface PassOptions<Row extends CleanupRow = CleanupRow, Session = unknown> extends RepairHooks<Row, Session> {
  /**
   * Rows of one batch, which is one transaction; 1 to 5000. Default: as many as take some 200 ms, by the time of the last
   * batch; half of them after one that was too much for the server or in the way of others.
   */
  readonly batchRows?: number;
  /** Rows of the first batch where `batchRows` does not say it: `batchRows` of the last result. Default: 1000. */
  readonly firstBatchRows?: number | undefined;
  /** Rows that the pass may change; it looks at no more than ten times as many. Default: no limit. */
  readonly maxRows?: number;
  /** How long the pass may take. Default: the strategy's `metadata.timeoutSeconds`. */
  readonly timeoutSeconds?: number;
  /** The pause after a batch, as a fraction of the time that the batch took; 0 to 100. Default: 0.5. */
  readonly pauseFraction?: number;
  /** Default: nothing but the pauses. */
  readonly pacing?: Pacing | undefined;
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
  /** Gets what the pass waits for, after each reading of `pacing.probe`; `undefined`: it goes on. Errors of it are logged. */
  readonly onWait?: ((wait: Wait | undefined) => void | Promise<void>) | undefined;
  /** Default: silent. */
  readonly logger?: Logger;
  /** For tests. Default: real time. */
  readonly timing?: PassTiming;
}

/** `PassOptions` with nothing left open, but for the hooks. */
export interface PassSettings {
  /** `undefined`: as many as suit. */
  readonly batchRows: number | undefined;
  readonly firstBatchRows: number;
  readonly maxRows: number;
  readonly timeoutSeconds: number;
  readonly pauseFraction: number;
  readonly maxRowsPerSecond: number;
  readonly probe: (Probe & { readonly read: ProbeReader }) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly claim: Claim | undefined;
  readonly place: Place | undefined;
  readonly stopSignal: AbortSignal | undefined;
  readonly admit: (() => Promise<boolean | number>) | undefined;
  readonly onBatch: (counts: PassCounts, batchMs: number) => void | Promise<void>;
  readonly onWait: (wait: Wait | undefined) => void | Promise<void>;
  readonly logger: Logger;
  readonly timing: PassTiming;
}

/**
 * Fills in the defaults. Throws `INVALID_OPTION` for a number out of its range, a logger that lacks a method, a hook that is no
 * function, and a probe that is a text where `inspect` runs none.
 */
export function passSettings(
  timeoutSeconds: number,
  options: PassOptions,
  inspect: Pick<StoreInspection, 'measure'> | undefined,
): PassSettings {
  checkHooks('', options);
  const { pacing: { maxRowsPerSecond, probe } = {} } = options;
  if (probe !== undefined) checkProbe(probe);
  const settings: PassSettings = {
    batchRows: options.batchRows,
    firstBatchRows: options.firstBatchRows ?? DEFAULT_BATCH_ROWS,
    maxRows: options.maxRows ?? Number.POSITIVE_INFINITY,
    timeoutSeconds: options.timeoutSeconds ?? timeoutSeconds,
    pauseFraction: options.pauseFraction ?? DEFAULT_PAUSE_FRACTION,
    maxRowsPerSecond: maxRowsPerSecond ?? Number.POSITIVE_INFINITY,
    probe: probe && { ...probe, read: probeReader(probe, inspect) },
    signal: options.signal,
    claim: options.claim,
    place: placeIn(options.place ?? options.claim?.place),
    stopSignal: options.stopSignal,
    admit: options.admit,
    onBatch: options.onBatch ?? (() => {}),
    onWait: options.onWait ?? (() => {}),
    logger: safeLogger(options.logger ?? silentLogger),
    timing: options.timing ?? systemTiming,
  };
  checkRows('batchRows', settings.batchRows ?? 1, MAX_BATCH_ROWS);
  checkRows('firstBatchRows', settings.firstBatchRows, MAX_BATCH_ROWS);
  if (settings.maxRows !== Number.POSITIVE_INFINITY) checkRows('maxRows', settings.maxRows);
  checkNumber('timeoutSeconds', settings.timeoutSeconds, MAX_TIMEOUT_SECONDS);
  if (maxRowsPerSecond !== undefined) checkNumber('pacing.maxRowsPerSecond', maxRowsPerSecond, MAX_ROWS_PER_SECOND);
  const { pauseFraction } = settings;
  if (!(pauseFraction >= 0 && pauseFraction <= 100)) {
    throw invalidOption('pauseFraction', pauseFraction, 'give a number from 0 to 100');
  }
  return settings;
}

function checkRows(field: string, rows: number, most?: number): void {
  if (Number.isInteger(rows) && rows >= 1 && (most === undefined || rows <= most)) return;
  throw invalidOption(field, rows, `give a whole number from 1 ${most === undefined ? 'on' : `to ${most}`}`);
}

function checkNumber(field: string, value: number, most: number): void {
  if (!(value > 0 && value <= most)) throw invalidOption(field, value, `give a number above 0 and at most ${most}`);
}

/** For those who build passes before they run them: throws as `runPass` does. */
export function checkPassOptions(
  options: PassOptions,
  { inspect }: { readonly inspect?: Pick<StoreInspection, 'measure'> } = {},
): void {
  passSettings(1, options, inspect);
}
