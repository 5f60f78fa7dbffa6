import { setTimeout as delay } from 'node:timers/promises';
import { invalidOption, isJobsweepError, type TransactionOptions, throwIfAborted } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from './dialect.js';
import type { TransactionSettings } from './options.js';
import type { Sessions } from './sessions.js';

const FIRST_BACKOFF_MS = 50;

/** Runs work in transactions of its own, on the connections of the user's pool. */
export class Transactions {
  constructor(
    private readonly knex: Knex,
    private readonly dialect: Dialect,
    private readonly sessions: Sessions,
    private readonly settings: TransactionSettings,
  ) {}

  /** See `CleanupStore.transaction`. */
  async run<Result>(
    work: (session: Knex.Transaction) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    const { signal, timeoutSeconds } = options;
    if (timeoutSeconds !== undefined && !(timeoutSeconds > 0)) {
      throw invalidOption('timeoutSeconds', timeoutSeconds, 'give seconds above 0');
    }
    for (let attempt = 1; ; attempt += 1) {
      throwIfAborted(signal);
      try {
        return await this.once(work, options);
      } catch (error) {
        if (attempt >= this.settings.maxAttempts || !isJobsweepError(error, 'CONFLICT', 'LOCK_TIMEOUT')) throw error;
        await backOff(attempt, signal);
      }
    }
  }

  private async once<Result>(
    work: (session: Knex.Transaction) => Promise<Result>,
    { readOnly = false, timeoutSeconds = Number.POSITIVE_INFINITY, signal }: TransactionOptions,
  ): Promise<Result> {
    const { settings } = this;
    const statementTimeoutSeconds = Math.min(settings.statementTimeoutSeconds, timeoutSeconds);
    let failure: { readonly error: unknown } | undefined;
    let committing = false;
    const bounded = async (session: Knex.Transaction) => {
      try {
        await this.dialect.bound(session, { ...settings, statementTimeoutSeconds });
        this.sessions.began(session);
        const result = await work(session);
        throwIfAborted(signal);
        committing = true;
        return result;
      } catch (error) {
        failure = { error: this.dialect.recognizes(error) ? this.dialect.translate(error, false) : error };
        throw error;
      }
    };
    try {
      return await this.knex.transaction(bounded, { isolationLevel: 'read committed', readOnly });
    } catch (error) {
      throw failure === undefined ? this.dialect.translate(error, committing) : failure.error;
    }
  }
}

async function backOff(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
  await delay(ms, undefined, signal && { signal }).catch(() => throwIfAborted(signal));
}
