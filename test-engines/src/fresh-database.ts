import { afterAll, beforeAll, inject } from 'vitest';
import { createDatabase, type Database } from './postgres/database.js';
import './vitest.js';

/**
 * A database of the test file's own, there from `beforeAll` on and dropped at its end.
 *
 * @example
 * const database = freshDatabase('releases');
 * beforeAll(() => connect(database.url));
 */
export function freshDatabase(prefix = 'test'): Pick<Database, 'name' | 'url'> {
  let created: Database | undefined;
  const get = (): Database => {
    if (created === undefined) throw new Error('The database is made in beforeAll: read its url in a hook or a test');
    return created;
  };
  beforeAll(async () => {
    created = await createDatabase(inject('postgresUrl'), { prefix });
  });
  afterAll(() => created?.drop());
  return {
    get name() {
      return get().name;
    },
    get url() {
      return get().url;
    },
  };
}
