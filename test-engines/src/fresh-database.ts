import { afterAll, beforeAll, inject } from 'vitest';
import { createDatabase, type Database } from './database.js';
import type { EngineName } from './engines.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** What a package tests on, given as `provide` in its vitest config. Default: postgres alone. */
    engines?: readonly EngineName[];
    /** Servers that every test file of the run shares; databases on them are made by `freshDatabase`. */
    engineUrls: Partial<Record<EngineName, string>>;
  }
}

/**
 * A database for the test file or the `describe` around, there from `beforeAll` on and dropped at its end.
 *
 * @param engine default: postgres.
 * @example
 * const database = freshDatabase('releases');
 * beforeAll(() => connect(database.url));
 */
export function freshDatabase(prefix = 'test', engine: EngineName = 'postgres'): Pick<Database, 'name' | 'url'> {
  let created: Database | undefined;
  const get = (): Database => {
    if (created === undefined) throw new Error('The database is made in beforeAll: read its url in a hook or a test');
    return created;
  };
  beforeAll(async () => {
    created = await createDatabase(serverUrl(engine), { prefix });
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

/** The run's server of a kind. */
export function serverUrl(engine: EngineName): string {
  const url = inject('engineUrls')[engine];
  if (url === undefined) throw new Error(`No ${engine} in this run: name it in the config's provide.engines`);
  return url;
}
