import type { MongoContext } from '../context.js';
import { translateError } from '../translate-error.js';
import { type CollectionInfo, describeCollection } from './collations.js';

/** What the server says about a collection, on a connection that is opened for it; nothing where there is none. */
export async function describe(
  { connection, opened, settings }: Pick<MongoContext, 'connection' | 'opened' | 'settings'>,
  name: string,
): Promise<CollectionInfo | undefined> {
  try {
    await opened();
    const [found] = await describeCollection(connection, name, settings.statementTimeoutMs);
    return found;
  } catch (error) {
    throw translateError(error);
  }
}
