import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres/server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that every test file of the run shares; databases on it are made by `freshDatabase`. */
    postgresUrl: string;
  }
}

/** Vitest's `globalSetup`: one PostgreSQL for the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}

export { freshDatabase } from './fresh-database.js';
