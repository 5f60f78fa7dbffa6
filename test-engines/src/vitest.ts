import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { chosenEngines, type EngineName, startEngines, stopAll } from './engines.js';

/** Vitest's `globalSetup`: one server of each kind for the run, of those that `ENGINES` leaves. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { engines = ['postgres'] } = project.config.provide as { engines?: readonly EngineName[] };
  const chosen = engines.filter((name) => chosenEngines().includes(name));
  const servers = await startEngines(chosen);
  project.provide('engineUrls', Object.fromEntries([...servers].map(([name, { url }]) => [name, url])));
  return () => stopAll(servers);
}

export { mongoSubject, sqlSubject } from './cluster/subject.js';
export { freshDatabase, serverUrl } from './fresh-database.js';
export { describeSilentServer } from './silent-server.js';
export { describeDriverOfRun } from './suite-of-run.js';

/**
 * The engines of this run: those of the package's config that `ENGINES` leaves. TiDB, which not everybody has, is where a test
 * asks for it.
 */
export function enginesOfRun(...others: readonly 'tidb'[]): readonly EngineName[] {
  const all = Object.keys(inject('engineUrls')) as EngineName[];
  return all.filter((name) => name !== 'tidb' || others.includes(name));
}
