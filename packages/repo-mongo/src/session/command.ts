import type { mongo } from 'mongoose';
import type { MongoContext } from '../context.js';
import { translateError } from '../translate-error.js';
import { answered, bounds } from './answered.js';

type Document = mongo.Document;

/** Sends a command outside of any session, to the store's database or to `admin`, bounded like every other one. */
export async function runCommand<Answer = Document>(
  context: Pick<MongoContext, 'connection' | 'opened' | 'settings'>,
  command: Document,
  to: 'own' | 'admin' = 'own',
): Promise<Answer> {
  const { connection, opened, settings } = context;
  const { statementTimeoutMs: maxTimeMS } = settings;
  try {
    await opened();
    const client = connection.getClient();
    const db = client.db(to === 'admin' ? 'admin' : connection.name);
    return (await answered(
      db.command({ ...command, maxTimeMS }, { readPreference: 'primary', ...bounds(maxTimeMS) }),
      maxTimeMS,
    )) as Answer;
  } catch (error) {
    throw translateError(error);
  }
}
