import type { ClaimState, IndexAdvice, JobReference, OwnTableState, ReadCost, ServerInfo } from '@jobsweep/core';
import type { CountedTotals } from '../plan/counted-totals.js';

/** In the order in which they are made. */
export const CHECK_NAMES = [
  'server',
  'schema',
  'states',
  'undated',
  'orphans',
  'references',
  'indexes',
  'snapshots',
  'probe',
  'ownTables',
  'claims',
  'privileges',
  'violations',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * - `error`: something will fail, or is not what the config says
 * - `warning`: rows are left alone, work is slow, or something goes along that nobody may have thought of
 * - `info`: good to know
 */
export type Severity = 'error' | 'warning' | 'info';

/** Something to look at. */
export interface Finding {
  readonly check: CheckName;
  readonly severity: Severity;
  /** What it is about: a path into the config, a table, a strategy. */
  readonly subject: string;
  readonly problem: string;
  /** What to do about it. */
  readonly fix: string;
  /** The exact statement of the fix, where it is one. */
  readonly statement?: string;
}

/** What became of one check. */
export interface CheckResult {
  readonly name: CheckName;
  /** `skipped`: there was nothing to ask, or an earlier check makes it pointless; `failed`: it could not be made. */
  readonly status: 'fine' | 'findings' | 'skipped' | 'failed';
  /** In a few words. */
  readonly summary: string;
}

/** What an index came to, and what looking for a rule's rows costs. */
export interface IndexState extends IndexAdvice {
  /** It was missing, and was made just now. */
  readonly wasMade: boolean;
}

export interface RuleCost {
  readonly strategy: string;
  /** Before any index was made. */
  readonly before: ReadCost;
  /** After that; `null`: none was made. */
  readonly after: ReadCost | null;
}

export interface Violations extends CountedTotals {
  readonly strategy: string;
  /** How long the oldest row has been over its limit; `null`: nothing is, or it is not known. */
  readonly oldestOverdueSeconds: number | null;
}

/** What there is to know about a database before and while jobsweep works on it. */
export interface Diagnosis {
  /** No error and no warning was found, and no check failed. */
  readonly ok: boolean;
  readonly versions: { readonly jobsweep: string; readonly node: string };
  readonly checks: readonly CheckResult[];
  /** Errors first. */
  readonly findings: readonly Finding[];
  readonly server: ServerInfo | null;
  /** How far this machine's clock is ahead of the database's, as near as the answer allows. */
  readonly clockSkewSeconds: number | null;
  readonly ownTables: readonly OwnTableState[];
  readonly claims: readonly ClaimState[];
  readonly indexes: readonly IndexState[];
  /** Only where it was asked to measure. */
  readonly costs: readonly RuleCost[];
  readonly references: readonly JobReference[];
  readonly violations: readonly Violations[];
}
