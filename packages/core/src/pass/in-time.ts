import { abortedBy, JobsweepError } from '../errors.js';

/** How long the work of a host may take. */
export interface InTimeOptions {
  /** What it is called in an error. */
  readonly what: string;
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
  /** How long it may go on after `signal` fired. */
  readonly graceMs: number;
}

/**
 * Runs work that nobody here knows, with a signal that fires once its time is over or `signal` fires. Rejects with
 * `STATEMENT_TIMEOUT` or `ABORTED` then, whether the work has ended or not; what becomes of it later is nobody's concern.
 */
export async function inTime<Result>(
  work: (signal: AbortSignal) => Result | Promise<Result>,
  { what, ms, signal, graceMs }: InTimeOptions,
): Promise<Result> {
  const own = new AbortController();
  let ended: JobsweepError | undefined;
  const timers: NodeJS.Timeout[] = [];
  let lose: (error: unknown) => void = () => undefined;
  const losing = new Promise<never>((_resolve, reject) => {
    lose = reject;
  });
  const giveUpAfter = (afterMs: number, error: JobsweepError) => {
    const giveUp = () => {
      ended ??= error;
      own.abort(error);
      lose(error);
    };
    timers.push(setTimeout(giveUp, afterMs));
  };
  const onAbort = () => {
    if (signal === undefined) return;
    ended = abortedBy(signal);
    own.abort(signal.reason);
    giveUpAfter(graceMs, ended);
  };

  // One more, so that the clock of the pass says so too.
  giveUpAfter(Math.ceil(ms) + 1, new JobsweepError('STATEMENT_TIMEOUT', `${what} took longer than it may.`));
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([Promise.resolve(own.signal).then(work), losing]);
  } catch (error) {
    // What the work says of its being stopped says nothing new.
    throw ended ?? error;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
