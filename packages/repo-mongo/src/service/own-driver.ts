import {
  type Driver,
  type DriverValues,
  isJobsweepError,
  JobsweepError,
  type ServerSessions,
  type Table,
} from '@jobsweep/core';
import type { ClientSession } from 'mongoose';
import type { MongoContext } from '../context.js';
import { MongoTx } from '../driver/mongo-tx.js';
import type { Collections } from '../mapping/collections.js';
import { runCommand } from '../session/command.js';
import { describe } from '../session/describe.js';
import { translateError } from '../translate-error.js';
import { bsonOf } from '../values/bson.js';
import { mongoValues } from '../values/mongo-values.js';

/** The driver of jobsweep's own collections. They go by the server's clock, whatever the store was given. */
export class OwnDriver implements Driver<ClientSession> {
  readonly values: DriverValues;

  constructor(
    private readonly context: MongoContext,
    private readonly collections: Collections,
  ) {
    this.values = mongoValues(collections);
  }

  async open(session: ClientSession, use: 'read' | 'write'): Promise<MongoTx> {
    const open = await this.context.sessions.open(session, use);
    return new MongoTx(open, this.collections, null, open.serverTime);
  }

  translate(error: unknown): unknown {
    return translateError(error);
  }

  async requireTable({ name }: Table): Promise<void> {
    if ((await describe(this.context, name)) !== undefined) return;
    throw new JobsweepError('SCHEMA_MISMATCH', `There is no collection "${name}". Make it, or set its name.`);
  }

  /** MongoDB keeps the transaction of a process that died or was stopped, and all that it holds, for a minute. */
  readonly serverSessions: ServerSessions<ClientSession> = {
    nameOf: (session) => (session.inTransaction() ? session.id?.id.toString('hex') : undefined),

    end: async (name) => {
      const id = new (bsonOf(this.context.connection).UUID)(name);
      // Whoever may not is no worse off than before.
      await runCommand(this.context, { killSessions: [{ id }] }).catch((error: unknown) => {
        if (isJobsweepError(error, 'CONNECTION_LOST')) throw error;
      });
    },
  };
}
