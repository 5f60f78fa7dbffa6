import { isJobsweepError, JobsweepError } from '../errors.js';
import type { Claim, TurnProgress } from '../service/claims.js';
import type { CleanupStore, TransactionOptions } from '../store.js';
import type { PassTiming } from './timing.js';

type Store<Session> = Pick<CleanupStore<Session>, 'transaction' | 'claims'>;

/** What a pass does in one transaction, and how far the turn has come with it; `undefined`: it wrote nothing. */
interface Batch<Session, Result> {
  readonly work: (session: Session) => Promise<Result>;
  readonly progress: (result: Result) => TurnProgress | undefined;
}

/** A claim is renewed when this part of its term has gone by, so that two renewals may fail before it lapses. */
const RENEWED_AFTER = 1 / 3;

/** The claim of a pass: every batch is written under it, and it does not lapse by anything that the pass itself does. */
export class HeldTurn<Session> {
  /** The claim's term began no earlier than this. */
  private sureMs: number;

  constructor(
    private readonly store: Store<Session>,
    private readonly claim: Claim,
    private readonly timing: PassTiming,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.sureMs = timing.nowMs();
  }

  /**
   * Runs a batch under the claim. Where the answer to its commit was lost, the claim's row says whether it is there: rejects
   * with `COMMIT_UNKNOWN` only while nobody can tell.
   */
  async batch<Result>({ work, progress }: Batch<Session, Result>, options: TransactionOptions): Promise<Result> {
    const startedMs = this.timing.nowMs();
    let done: { readonly result: Result; readonly batches: number } | undefined;
    let attempts = 0;
    const held = async (session: Session) => {
      done = undefined;
      attempts += 1;
      // An attempt that failed took the term back that it began, and may have taken longer than the one before.
      if (attempts > 1) await this.store.claims.advance(session, this.claim);
      await this.store.claims.hold(session, this.claim);
      const result = await work(session);
      const reached = progress(result);
      if (reached !== undefined) {
        await this.store.claims.advance(session, this.claim, reached);
        done = { result, batches: reached.batches };
      }
      return result;
    };
    try {
      const result = await this.store.transaction(held, { ...options, ...this.idleBound() });
      this.sureMs = startedMs;
      return result;
    } catch (error) {
      if (done === undefined || !isJobsweepError(error, 'COMMIT_UNKNOWN')) throw error;
      if (!(await this.hasReached(done.batches, error))) throw notCommitted(error);
      return done.result;
    }
  }

  /** Runs what may take long and holds nothing, and keeps the claim meanwhile. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    const over = new AbortController();
    const renewing = this.renewUntil(over.signal);
    try {
      return await work();
    } finally {
      over.abort();
      await renewing;
    }
  }

  /**
   * Begins a new term, unless the one that runs is still young; also one that is over, as long as nobody took over. Rejects
   * with an error of the database; that the turn is another one's is found by whoever holds it next.
   */
  async renew(): Promise<void> {
    if (this.youngForMs() > 0) return;
    const startedMs = this.timing.nowMs();
    const advance = (session: Session) => this.store.claims.advance(session, this.claim);
    await this.store.transaction(advance, { signal: this.signal, ...this.idleBound() });
    this.sureMs = startedMs;
  }

  private async renewUntil(over: AbortSignal): Promise<void> {
    const isOver = () => over.aborted;
    while (!isOver()) {
      await this.timing.sleep(Math.max(this.youngForMs(), this.termMs() / 10), over);
      // Whoever holds the claim next finds out what was wrong.
      if (!isOver()) await this.renew().catch(() => undefined);
    }
  }

  /** Whether a batch is there: the row is free once its transaction has ended, one way or the other. */
  private async hasReached(batches: number, lost: JobsweepError): Promise<boolean> {
    const look = (session: Session) => this.store.claims.hold(session, this.claim);
    const options = { signal: this.signal, ...this.idleBound() };
    const reached = await this.store.transaction(look, options).catch(() => undefined);
    if (reached === undefined) throw lost;
    return reached.batches >= batches;
  }

  private termMs(): number {
    return this.claim.termSeconds * 1000;
  }

  private youngForMs(): number {
    return this.sureMs + this.termMs() * RENEWED_AFTER - this.timing.nowMs();
  }

  /** A process that stops in the middle lets go of the row when its term is over, and not much later. */
  private idleBound(): TransactionOptions {
    return { idleTimeoutSeconds: this.claim.termSeconds };
  }
}

function notCommitted(cause: JobsweepError): JobsweepError {
  const message = 'The connection was lost while committing, and the batch was rolled back. The next pass goes on.';
  return new JobsweepError('CONNECTION_LOST', message, { cause });
}
