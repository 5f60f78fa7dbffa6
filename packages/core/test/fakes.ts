import { JobsweepError, type PassTiming, type TransactionOptions } from '../src/index.js';

/** The transaction handle of the fake store: its number, counted from 1. */
export interface FakeSession {
  readonly transaction: number;
}

/** Time that moves only when it is told to, or when somebody sleeps. */
export class FakeTiming implements PassTiming {
  ms = 0;
  readonly slept: number[] = [];
  readonly nowMs = () => this.ms;
  readonly sleep = async (ms: number) => {
    this.slept.push(ms);
    this.ms += ms;
  };
}

/** A store without a database: keeps the promises of `CleanupStore.transaction` and writes down what happened. */
export class FakeStore {
  /** Errors that commits reject with, by the number of the transaction. */
  readonly commitErrors = new Map<number, unknown>();
  /** Transactions whose work is rolled back and run once more, as after a deadlock. */
  readonly runTwice = new Set<number>();
  readonly options: TransactionOptions[] = [];

  constructor(readonly events: string[] = []) {}

  readonly transaction = async <Result>(
    work: (session: FakeSession) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> => {
    const number = this.options.push(options);
    this.begin(options);
    try {
      if (this.runTwice.has(number)) {
        await work({ transaction: number });
        this.events.push('rollback');
        this.begin(options);
      }
      const result = await work({ transaction: number });
      if (options.signal?.aborted) throw aborted();
      if (this.commitErrors.has(number)) throw this.commitErrors.get(number);
      this.events.push('commit');
      return result;
    } catch (error) {
      this.events.push('rollback');
      throw error;
    }
  };

  private begin({ readOnly, signal }: TransactionOptions): void {
    if (signal?.aborted) throw aborted();
    this.events.push(readOnly ? 'begin read-only' : 'begin');
  }
}

function aborted(): JobsweepError {
  return new JobsweepError('ABORTED', 'stopped');
}
