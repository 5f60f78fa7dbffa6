import type { Driver, DriverValues } from '@jobsweep/core';
import type { ClientSession } from 'mongoose';
import type { MongoContext } from '../context.js';
import { translateError } from '../translate-error.js';
import { mongoValues } from '../values/mongo-values.js';
import { MongoTx } from './mongo-tx.js';

/** The driver of MongoDB, through mongoose. */
export class MongoDriver implements Driver<ClientSession> {
  readonly values: DriverValues;

  constructor(private readonly context: Pick<MongoContext, 'mapping' | 'sessions'>) {
    this.values = mongoValues(context.mapping.collections);
  }

  async open(session: ClientSession, use: 'read' | 'write'): Promise<MongoTx> {
    const { mapping, sessions } = this.context;
    return new MongoTx(await sessions.open(session, use), mapping.collections, mapping.fenceField);
  }

  translate(error: unknown): unknown {
    return translateError(error, false);
  }
}
