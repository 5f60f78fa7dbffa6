import { JobsweepError, type TransactionOptions } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { Collection } from '../mapping/collections.js';
import { describeCollection } from '../session/collations.js';
import type { OpenSession } from '../session/open-session.js';
import type { Transactions } from '../session/transactions.js';
import { translateError } from '../translate-error.js';

/** jobsweep's own two collections, and how to get to them. */
export class OwnCollections {
  readonly claims: Collection;
  readonly history: Collection;

  constructor(
    readonly context: MongoContext,
    readonly transactions: Transactions,
  ) {
    const { connection, settings } = context;
    this.claims = connection.collection(settings.ownTables.claims);
    this.history = connection.collection(settings.ownTables.history);
  }

  /** Runs work in a transaction of its own; a conflict is tried again. */
  run<Result>(work: (open: OpenSession) => Promise<Result>, options?: TransactionOptions): Promise<Result> {
    const { sessions } = this.context;
    const use = options?.readOnly === true ? 'read' : 'write';
    return this.transactions.run(async (session) => work(await sessions.open(session, use)), options);
  }

  /**
   * Throws `NOT_INITIALIZED` where a collection is missing, which MongoDB itself would make with the first document. Asked
   * before something is added, and where something was not found.
   */
  async require({ collectionName }: Collection): Promise<void> {
    if (await isThere(this.context, collectionName)) return;
    const { claims, history } = this.context.settings.ownTables;
    const message =
      `There is no collection "${collectionName}". Make jobsweep's own collections, ${claims} and ${history}: run ` +
      '`jobsweep init`, or call store.ownTables.create().';
    throw new JobsweepError('NOT_INITIALIZED', message);
  }
}

async function isThere({ connection, opened, settings }: MongoContext, name: string): Promise<boolean> {
  try {
    await opened();
    return (await describeCollection(connection, name, settings.statementTimeoutMs)).length > 0;
  } catch (error) {
    throw translateError(error, false);
  }
}

/** What `hello.localTime` would say, in the pipeline of an update or a read: its statement's time, by the server's clock. */
export const NOW = '$$NOW';

/** A text in a pipeline, where one that begins with a dollar would be the name of a field. */
export const literal = (text: string) => ({ $literal: text });
