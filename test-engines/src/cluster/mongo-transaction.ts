import { setTimeout as delay } from 'node:timers/promises';
import { type ClientSession, MongoError, type TransactionOptions } from 'mongodb';

const RETRY_MS = 5;

/** What an application asks of its transactions. */
export const TRANSACTION: TransactionOptions = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } };

/**
 * A transaction that is done again from its beginning, with all that was done in it, each time a conflict with others
 * has ended it: what `withTransaction` of the driver does with a function, for steps that come one by one.
 */
export class ReplayedTransaction {
  /** Whether a conflict with others keeps the step that runs now from being done. */
  isHeldUp = false;
  readonly #done: (() => Promise<unknown>)[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #isGivenUp = false;

  constructor(private readonly session: ClientSession) {
    session.startTransaction(TRANSACTION);
  }

  run<Result>(step: () => Promise<Result>): Promise<Result> {
    const running = this.#untilDone(step);
    this.#running = running.catch(() => undefined);
    return running;
  }

  async commit(): Promise<void> {
    await this.run(() => this.session.commitTransaction());
  }

  async rollback(): Promise<void> {
    this.#isGivenUp = true;
    await this.#running;
    if (this.session.inTransaction()) await this.session.abortTransaction();
  }

  async #untilDone<Result>(step: () => Promise<Result>): Promise<Result> {
    let attempt = await endedByConflict(step);
    while (attempt.isConflict) {
      this.isHeldUp = true;
      await delay(RETRY_MS);
      if (this.#isGivenUp) throw new Error('The transaction was rolled back while it was held up');
      attempt = await endedByConflict(() => this.#again(step));
    }
    this.isHeldUp = false;
    this.#done.push(step);
    return attempt.result;
  }

  async #again<Result>(step: () => Promise<Result>): Promise<Result> {
    if (this.session.inTransaction()) await this.session.abortTransaction();
    this.session.startTransaction(TRANSACTION);
    for (const each of this.#done) await each();
    return step();
  }
}

async function endedByConflict<Result>(
  step: () => Promise<Result>,
): Promise<{ isConflict: true } | { isConflict: false; result: Result }> {
  try {
    return { isConflict: false, result: await step() };
  } catch (error) {
    if (error instanceof MongoError && error.hasErrorLabel('TransientTransactionError')) return { isConflict: true };
    throw error;
  }
}
