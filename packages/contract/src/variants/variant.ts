import type { Cluster } from '../cluster.js';

/** Does one thing wrong in an adapter: the members of a cluster that are broken by it. */
export type Breaking = <Session extends object>(cluster: Cluster<Session>) => Partial<Cluster<Session>>;

/**
 * What adapters differ in, so that a fault is seen elsewhere or not at all.
 *
 * - `locksAtCommit`: what others do is found when a row is written or at the commit, as `skipsLocked: false` says
 * - `milliseconds`: times have whole milliseconds, as `precisionMicros` says
 * - `noArchive`: it does not keep what is deleted, as `archive: false` says
 * - `noCreatedTime`: nothing tells when a job was queued, as `createdTime: false` says
 */
export type Circumstance = 'locksAtCommit' | 'milliseconds' | 'noArchive' | 'noCreatedTime';

/** An adapter with one fault that adapters have had, and the test of the suite that has to find it. */
export interface Variant {
  readonly name: string;
  /** What is done wrong. */
  readonly fault: string;
  /** The test that is named for it: the titles of its groups and its own, joined by ` > `. */
  readonly failsIn: string;
  /** The test of the same name where the suite has another one. Default: `failsIn`. */
  readonly failsThereIn?: { readonly [Where in Circumstance]?: string };
  /** Why nobody sees the fault: the test passes there, or there is none. */
  readonly hiddenWhere?: { readonly [Where in Circumstance]?: string };
  readonly broken: Breaking;
}
