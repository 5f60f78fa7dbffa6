import { JobsweepError } from './errors.js';

/** How long after its own limit a server may take to say that it gave up, and how long after an abort to say anything. */
export const ANSWER_SECONDS = 5;

/** What a `Deadline` is about. */
export interface DeadlineOptions {
  /** How long the server itself lets one round trip take. `Infinity`: as long as it takes. */
  readonly limitSeconds: number;
  /** Once it has fired, all that is left has `ANSWER_SECONDS` together. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when nothing is waited for any more: the place to destroy a connection. */
  readonly onLost?: () => void;
}

/**
 * For adapters: bounds every round trip of a connection from this side, so that a server which says nothing holds nobody.
 * Rejects with `CONNECTION_LOST` when it took longer, and from then on at once.
 *
 * @example
 * const deadline = new Deadline({ limitSeconds: 30, signal, onLost: () => connection.destroy() });
 * const rows = await deadline.answered(() => connection.query('select 1'));
 * deadline.end();
 */
export class Deadline {
  private lost: JobsweepError | undefined;
  private lose: (error: JobsweepError) => void = () => undefined;
  private readonly losing: Promise<never>;
  private sinceAbort: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(private readonly options: DeadlineOptions) {
    this.losing = new Promise((_resolve, reject) => {
      this.lose = reject;
    });
    this.losing.catch(() => undefined);
    const { signal } = options;
    signal?.addEventListener('abort', this.onAbort, { once: true });
    if (signal?.aborted === true) this.onAbort();
  }

  /** Whether nothing is waited for any more. */
  get isLost(): boolean {
    return this.lost !== undefined;
  }

  /** Whether nothing more is asked. */
  get hasEnded(): boolean {
    return this.isOver;
  }

  /** One round trip. What comes of it later is nobody's concern any more. */
  async answered<Answer>(ask: () => PromiseLike<Answer>): Promise<Answer> {
    if (this.lost !== undefined) throw this.lost;
    const seconds = this.options.limitSeconds + ANSWER_SECONDS;
    const timer = Number.isFinite(seconds) ? setTimeout(() => this.giveUp(seconds), seconds * 1000) : undefined;
    try {
      return await this.race(ask());
    } finally {
      clearTimeout(timer);
    }
  }

  /** Work whose round trips have this deadline: it is not waited for either once an answer is missing. */
  race<Result>(work: PromiseLike<Result>): Promise<Result> {
    return Promise.race([work, this.losing]);
  }

  /** Nothing more is asked. */
  end(): void {
    this.isOver = true;
    clearTimeout(this.sinceAbort);
    this.options.signal?.removeEventListener('abort', this.onAbort);
  }

  private readonly onAbort = (): void => {
    this.sinceAbort = setTimeout(() => this.giveUp(ANSWER_SECONDS), ANSWER_SECONDS * 1000);
  };

  private giveUp(seconds: number): void {
    if (this.lost !== undefined) return;
    const message =
      `The server did not answer for ${seconds} s, and its connection was given up. Check that the database runs and is ` +
      'reachable; what was committed before stays.';
    this.lost = new JobsweepError('CONNECTION_LOST', message);
    this.lose(this.lost);
    this.options.onLost?.();
  }
}
