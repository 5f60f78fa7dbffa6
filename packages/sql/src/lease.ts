import { Deadline, isJobsweepError, JobsweepError } from '@jobsweep/core';
import type { Dialect } from './dialect.js';
import { verbatim } from './driver/sql.js';
import type { PooledConnection, SqlControl, SqlLibrary } from './library.js';
import type { StatementLimits } from './wire.js';

/** How long a lease lets its connection take. */
export interface LeaseOptions {
  /** How long the server lets a statement take; `Infinity`: as long as it takes. */
  readonly limitSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A connection of the user's pool while the store has it. Every round trip on it has a deadline; where an answer is
 * missing the connection is destroyed. When the signal fires, the server is asked to end the statement in hand.
 */
export class Lease<Session extends object> {
  limits: StatementLimits = {};
  private connection: PooledConnection<Session> | undefined;
  private readonly deadline: Deadline;
  private isReleased = false;
  private isBroken = false;
  private statementInHand = false;
  private cancelling: Promise<unknown> | undefined;
  /** Whether the server got the request to cancel, and refused it. */
  private cancelIs: 'unsent' | 'sent' | 'refused' = 'unsent';

  constructor(
    private readonly library: SqlLibrary<Session>,
    private readonly dialect: Dialect,
    private readonly options: LeaseOptions,
  ) {
    this.deadline = new Deadline({ ...options, onLost: () => this.destroy() });
    options.signal?.addEventListener('abort', this.cancel);
  }

  /** The driver's own connection, once there is one. */
  get raw(): object {
    return this.connection?.raw ?? {};
  }

  /** Makes the handle of a transaction, for which `begun` is what begins it. */
  async open(begun: () => Promise<unknown>): Promise<Session> {
    const connection = await this.take();
    await this.statement(() => this.dialect.meet(connection.control));
    return this.orBroken(() => connection.open(begun));
  }

  /** Begins a transaction: where that fails, nobody knows what is open on the connection. */
  async begin<Begun>(ask: (control: SqlControl) => Promise<Begun>): Promise<Begun> {
    try {
      return await ask(await this.control());
    } catch (error) {
      this.isBroken = true;
      throw error;
    }
  }

  /** Runs work on the connection outside of any transaction. */
  async outside<Result>(work: (control: SqlControl) => Promise<Result>): Promise<Result> {
    return this.deadline.race(work(await this.control()));
  }

  /** What rules the connection, each statement with the deadline. */
  async control(): Promise<SqlControl> {
    const { control } = this.connection ?? (await this.take());
    return {
      run: (statement) => this.statement(() => control.run(statement)),
      change: (statement) => this.statement(() => control.change(statement)),
      script: (statements) => this.statement(() => control.script(statements)),
    };
  }

  /** A statement of the work. It is what an abort cancels. */
  async statement<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const { statementTimeoutMs } = this.limits;
    const timer = statementTimeoutMs === undefined ? undefined : setTimeout(this.cancel, statementTimeoutMs);
    this.statementInHand = true;
    try {
      return await this.deadline.answered(ask);
    } finally {
      clearTimeout(timer);
      this.statementInHand = false;
    }
  }

  /** The work of a transaction: it is over when an answer is missing, whatever it waits for itself. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await this.deadline.race(work);
    } catch (error) {
      throw this.isSlow() ? tooSlow(error) : error;
    }
  }

  async commit(session: Session): Promise<void> {
    await this.orBroken(async () => this.connection?.commit(session));
  }

  /** Never rejects: why the work is undone matters more. */
  async rollback(session: Session): Promise<void> {
    await this.orBroken(async () => this.connection?.rollback(session)).catch(() => undefined);
  }

  /** The connection is not to be used again, whatever else becomes of the transaction. */
  spoil(): void {
    this.isBroken = true;
  }

  /** Gives the connection back; away with one that is broken, or whose next statement could still be cancelled. */
  async release(): Promise<void> {
    this.isReleased = true;
    this.deadline.end();
    this.options.signal?.removeEventListener('abort', this.cancel);
    const isSpent = this.isBroken || this.cancelling !== undefined;
    if (isSpent) this.destroy();
    await this.connection?.release(isSpent);
  }

  /** The beginning or the end of a transaction: where that fails, nobody knows what is still open on the connection. */
  private async orBroken<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await this.deadline.answered(ask);
    } catch (error) {
      this.isBroken = true;
      throw error;
    }
  }

  private async take(): Promise<PooledConnection<Session>> {
    const taken = this.library.take().then(async (connection) => {
      // It came too late to be of use.
      if (this.isReleased) await connection.release(false);
      else this.connection = connection;
      return connection;
    });
    return this.deadline.answered(() => taken);
  }

  /** Whether a statement outlived its time and nobody could tell the server: that server may be well. */
  private isSlow(): boolean {
    const { deadline, cancelling, cancelIs, options } = this;
    return deadline.isLost && cancelling !== undefined && cancelIs !== 'sent' && options.signal?.aborted !== true;
  }

  private destroy(): void {
    this.isBroken = true;
    if (this.connection !== undefined) this.dialect.wire.destroy(this.connection.raw);
  }

  private readonly cancel = (): void => {
    const { connection, library, dialect, limits } = this;
    if (!this.statementInHand || connection === undefined || this.cancelling !== undefined) return;
    const sending = () => {
      this.cancelIs = 'sent';
    };
    const aside = (sql: string) => runAside(library, dialect, sql, sending);
    this.cancelling = dialect.wire.cancel(connection, limits.serverId, aside).catch((error: unknown) => {
      // One that nobody answered was refused by nobody: the server is as silent there as it is here.
      if (!isJobsweepError(dialect.errors.translate(error), 'CONNECTION_LOST')) this.cancelIs = 'refused';
    });
  };
}

/** Runs a statement on another connection, for which nobody waits long. */
async function runAside<Session extends object>(
  library: SqlLibrary<Session>,
  dialect: Dialect,
  sql: string,
  sending: () => void,
): Promise<void> {
  const lease = new Lease(library, dialect, { limitSeconds: 0 });
  try {
    await lease.outside(({ run }) => {
      sending();
      return run(verbatim(sql));
    });
  } finally {
    await lease.release();
  }
}

function tooSlow(cause: unknown): JobsweepError {
  const message =
    'The statement took too long and could not be cancelled, so its connection was given up. Check the advised indexes, ' +
    'or raise statementTimeoutSeconds.';
  return new JobsweepError('STATEMENT_TIMEOUT', message, { cause });
}
