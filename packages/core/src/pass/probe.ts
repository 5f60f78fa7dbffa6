import { errorText } from '../error-text.js';
import { invalidOption, throwIfAborted } from '../errors.js';
import type { StoreInspection } from '../inspection/inspection.js';
import { inTime } from './in-time.js';
import type { PassTiming } from './timing.js';

/** How long a reading may take, and what ends it. */
export interface ReadingOptions {
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
}

/** How busy the database is, by a number of the user's: a replica's lag, threads that run, a 99th percentile. */
export interface Probe {
  /**
   * What gives the number of now: a query that answers with one row of one column, and is run in a read-only transaction, or a
   * function. NULL, an error, and an answer that is no number are waited for like a number that is too high. MongoDB takes
   * functions alone.
   */
  readonly query: string | ((options: ReadingOptions) => Promise<number | null>);
  /** A pass waits while the number is greater. */
  readonly above: number;
  /** How old a number may get before it is asked for again, and how long an answer may take; 0.1 to 3600. Default: 5. */
  readonly everySeconds?: number | undefined;
}

/** What a probe said. */
export interface Reading {
  /** `null`: nothing that is a number. */
  readonly value: number | null;
  /** Why there is no number. `null`: there is one. */
  readonly reason: string | null;
}

/** What a pass waits for. */
export interface Wait extends Reading {
  readonly above: number;
}

const DEFAULT_EVERY_SECONDS = 5;

/** A second one could end the transaction that only reads. */
const ONE_STATEMENT = /^[^;]*[^;\s][\s;]*$/;

/** Throws `INVALID_OPTION` for a value out of its range. */
export function checkProbe({ query, above, everySeconds = DEFAULT_EVERY_SECONDS }: Probe): void {
  if (typeof query !== 'function' && !(typeof query === 'string' && ONE_STATEMENT.test(query))) {
    throw invalidOption('pacing.probe.query', query, 'give one query that answers with one number, or a function');
  }
  if (typeof above !== 'number' || !Number.isFinite(above)) {
    throw invalidOption('pacing.probe.above', above, 'give the number above which a pass waits');
  }
  if (!(everySeconds >= 0.1 && everySeconds <= 3600)) {
    throw invalidOption('pacing.probe.everySeconds', everySeconds, 'give a number of seconds from 0.1 to 3600');
  }
}

/** A probe as something to call. */
export type ProbeReader = (signal: AbortSignal | undefined) => Promise<Reading>;

/**
 * What asks a probe. It rejects with `ABORTED` alone, and gives what else goes wrong as the reason why there is no number. Throws
 * `INVALID_OPTION` for a text where the database takes none.
 */
export function probeReader(
  { query, everySeconds = DEFAULT_EVERY_SECONDS }: Probe,
  inspect: Pick<StoreInspection, 'measure'> | undefined,
): ProbeReader {
  const ask = typeof query === 'function' ? query : measuring(query, inspect);
  return async (aborting) => {
    const how = { what: 'The probe', ms: everySeconds * 1000, signal: aborting, graceMs: 0 };
    try {
      const value = await inTime((signal) => ask({ signal, timeoutSeconds: everySeconds }), how);
      const isNumber = typeof value === 'number' && !Number.isNaN(value);
      return isNumber ? { value, reason: null } : { value: null, reason: 'The probe gave no number.' };
    } catch (error) {
      throwIfAborted(aborting);
      return { value: null, reason: errorText(error) };
    }
  };
}

function measuring(
  query: string,
  { measure }: Partial<Pick<StoreInspection, 'measure'>> = {},
): (options: ReadingOptions) => Promise<number | null> {
  if (measure !== undefined) return (options) => measure(query, options);
  throw invalidOption('pacing.probe.query', query, 'give a function: this store runs no query that is a text');
}

/** What a probe says, for as long as that is good for. */
export class ProbeReadings {
  readonly everyMs: number;
  private goodUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly probe: Pick<Probe, 'above' | 'everySeconds'> & { readonly read: ProbeReader },
    private readonly timing: PassTiming,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.everyMs = (probe.everySeconds ?? DEFAULT_EVERY_SECONDS) * 1000;
  }

  /** What is to be waited for; `undefined`: nothing. Rejects with `ABORTED` alone. */
  async wait(): Promise<Wait | undefined> {
    if (this.timing.nowMs() < this.goodUntilMs) return undefined;
    const { above } = this.probe;
    const reading = await this.probe.read(this.signal);
    if (reading.value === null || reading.value > above) return { ...reading, above };
    this.goodUntilMs = this.timing.nowMs() + this.everyMs;
    return undefined;
  }
}
