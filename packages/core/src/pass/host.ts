import { inspect } from 'node:util';
import { asError, isJobsweepError, JobsweepError } from '../errors.js';
import type { CleanupRow } from '../model.js';
import type { Budget } from './budget.js';
import type { HookOptions, RepairHooks } from './hooks.js';
import { inTime } from './in-time.js';

/** What a callback has after a commit even where the pass has no time left, or was aborted: its rows are told of once. */
const AFTER_COMMIT_MS = 5000;

/** What makes every row fail alike. */
const OF_NO_ROW = ['SCHEMA_MISMATCH', 'PERMISSION_DENIED'] as const;

/** The hooks of one pass, within its time. */
export class Host<Session, Row extends CleanupRow> {
  /** What `within` threw last: a transaction may tell it in other words. */
  private thrown: unknown;
  /** Whether `within` was through with the last batch, and threw nothing. */
  private isThrough = false;

  constructor(
    /** Of the strategy. */
    private readonly name: string,
    /** One after the other. */
    private readonly hooks: readonly RepairHooks<Row, Session>[],
    private readonly budget: Budget,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Whether rows are to be confirmed before they are repaired. */
  get confirms(): boolean {
    return this.hooks.some((hooks) => hooks.confirm !== undefined);
  }

  /** Those of the rows that the host gives back, in the same order. Rejects with `HOOK_FAILED`, and where it takes too long. */
  async confirm(rows: readonly Row[]): Promise<readonly Row[]> {
    let confirmed = rows;
    for (const hooks of this.hooks) {
      if (hooks.confirm === undefined || confirmed.length === 0) continue;
      const asked = confirmed;
      const answer = await this.inTime('confirm', async (options) => {
        try {
          return givenBack(asked, await hooks.confirm?.(asked, options));
        } catch (error) {
          throw this.failed('confirm', error);
        }
      });
      confirmed = asked.filter(({ id }) => answer.has(id));
    }
    return confirmed;
  }

  /** Calls `within` for the rows that a batch has changed. What it rejects with has to roll the batch back. */
  async within(session: Session, rows: readonly Row[]): Promise<void> {
    this.thrown = undefined;
    this.isThrough = false;
    for (const hooks of this.hooks) {
      if (hooks.within === undefined) continue;
      await this.inTime('within', async (options) => {
        try {
          await hooks.within?.(session, rows, options);
        } catch (error) {
          this.thrown = error;
          throw error;
        }
      });
    }
    this.isThrough = this.hooks.some((hooks) => hooks.within !== undefined);
  }

  /**
   * The error of a batch. One that `within` threw, and that another time would throw again, is said to be of the hook. Where it
   * threw nothing and its transaction is of no use any more, it may have kept an error to itself, or ended the transaction.
   */
  explained(error: unknown): unknown {
    const isThrough = this.isThrough;
    this.isThrough = false;
    if (isThrough && isOfTransaction(error)) return this.afterWithin(error);
    if (this.thrown === undefined) return error;
    const isOfHook = error === this.thrown || (error instanceof Error && error.cause === this.thrown);
    if (!isOfHook || isJobsweepError(error, 'ABORTED', 'STATEMENT_TIMEOUT')) return error;
    if (isJobsweepError(error) && error.retry !== 'never') return error;
    // Of what is no error of the database, its library can only say that it does not know it.
    const said = isJobsweepError(error, 'DATABASE_ERROR') ? this.thrown : error;
    return this.failed('within', said, !isJobsweepError(error, ...OF_NO_ROW));
  }

  /** The callbacks of a batch that was committed. */
  repaired(rows: readonly Row[]): (() => Promise<void>)[] {
    const heard = this.hooks.filter((hooks) => hooks.onRepaired !== undefined);
    return heard.map(
      (hooks) => () => this.inTime('onRepaired', async (options) => hooks.onRepaired?.(rows, options), AFTER_COMMIT_MS),
    );
  }

  private inTime<Result>(
    hook: keyof RepairHooks,
    work: (options: HookOptions) => Promise<Result>,
    graceMs = 0,
  ): Promise<Result> {
    const ms = Math.max(graceMs, this.budget.msLeft());
    const { name, signal: aborting } = this;
    return inTime((signal) => work({ signal }), { what: `${hook} of ${name}`, ms, signal: aborting, graceMs });
  }

  private afterWithin(error: JobsweepError): JobsweepError {
    const message = `After within of ${this.name}: ${error.message} Let within throw on what fails in it, and end no transaction.`;
    const { constraint, retry, isDivisible } = error;
    return new JobsweepError(error.code, message, { cause: error, constraint, retry, isDivisible });
  }

  private failed(hook: keyof RepairHooks, thrown: unknown, isDivisible = false): JobsweepError {
    const cause = asError(thrown);
    const constraint = isJobsweepError(thrown) ? thrown.constraint : undefined;
    const message = `${hook} of ${this.name}: ${cause.message.replace(/\.$/, '')}.`;
    return new JobsweepError('HOOK_FAILED', message, { cause, constraint, isDivisible });
  }
}

/** Whether a transaction went wrong in itself, and not what was asked of it. */
const isOfTransaction = (error: unknown): error is JobsweepError =>
  isJobsweepError(error, 'DATABASE_ERROR') ||
  (isJobsweepError(error, 'CONNECTION_LOST') && isJobsweepError(error.cause, 'SESSION_NOT_IN_TRANSACTION'));

/** The ids of rows that `confirm` gave back. Throws where these are no rows, or others than it was given. */
function givenBack(asked: readonly { readonly id: string }[], answer: unknown): Set<unknown> {
  if (!Array.isArray(answer)) throw new Error('It has to give back a list of the rows that are to be repaired');
  const known = new Set<unknown>(asked.map(({ id }) => id));
  const ids = answer.map((row: unknown) =>
    typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined,
  );
  const at = ids.findIndex((id) => !known.has(id));
  if (at !== -1) throw new Error(`It gave back a row that it was not given: ${inspect(ids[at])}`);
  return new Set(ids);
}
