import type { Driver, DriverValues } from '@jobsweep/core';
import type { ClientSession } from 'mongoose';
import type { MongoContext } from '../context.js';
import { translateError } from '../translate-error.js';
import { mongoValues } from '../values/mongo-values.js';
import { MongoTx } from './mongo-tx.js';

/** The driver of MongoDB, through mongoose: of the user's collections. */
export class MongoDriver implements Driver<ClientSession> {
  readonly values: DriverValues;

  constructor(private readonly context: Pick<MongoContext, 'mapping' | 'sessions'>) {
    this.values = mongoValues(context.mapping.collections);
  }

  async open(session: ClientSession, use: 'read' | 'write'): Promise<MongoTx> {
    const { mapping, sessions } = this.context;
    const open = await sessions.open(session, use);
    return new MongoTx(open, mapping.collections, mapping.fenceField, open.now);
  }

  translate(error: unknown): unknown {
    return translateError(error);
  }
}
