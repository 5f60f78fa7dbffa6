import type { CleanupStore } from '@jobsweep/core';
import type { DatabaseName } from './pairs.js';

/** What is done with a store, whatever its session is. */
export type Work<Result> = <Session extends object>(store: CleanupStore<Session>) => Promise<Result>;

/** Opens a database as the users of a library do, and closes it when the work is done. */
export type WithStore = <Result>(database: DatabaseName, url: string, work: Work<Result>) => Promise<Result>;

/** Connections of a pass, which uses one after another; one more for what cannot wait. */
export const POOL_SIZE = 2;

/** An allocation of this cluster is the resource itself: it goes from job to job. */
export const heldBy = (key: string) => ({ allocations: { columns: { resource: key } } });
