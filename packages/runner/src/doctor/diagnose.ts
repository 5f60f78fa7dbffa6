import {
  type CleanupStore,
  type CleanupStrategy,
  DEFAULT_CONFIG,
  errorText,
  isJobsweepError,
  type Probe,
} from '@jobsweep/core';
import type { Told } from '../connection/fitting-schema.js';
import type { MultiWriter } from '../options.js';
import { packageVersion } from '../package-version.js';
import { isEnabled } from '../round/selection.js';
import { type Words, wordsOf } from '../words/words.js';
import type { Check, CheckContext, CheckOutcome, Facts, RuledStrategy } from './check.js';
import { claims } from './checks/claims.js';
import { indexes } from './checks/indexes.js';
import { orphans } from './checks/orphans.js';
import { ownTables } from './checks/own-tables.js';
import { privileges } from './checks/privileges.js';
import { probe } from './checks/probe.js';
import { references } from './checks/references.js';
import { schema } from './checks/schema.js';
import { server } from './checks/server.js';
import { snapshots } from './checks/snapshots.js';
import { states } from './checks/states.js';
import { undated } from './checks/undated.js';
import { violations } from './checks/violations.js';
import type { CheckResult, Diagnosis, Finding, Severity } from './diagnosis.js';

export interface DiagnoseOptions {
  /** The name of the config, whose turns are looked at. Default: `main`. */
  readonly name?: string | undefined;
  /** Make missing indexes, without locking out writes where the engine can. Default: `false`, and nothing is written. */
  readonly applyIndexes?: boolean;
  /** Measure what looking for each rule's rows costs, before and after. Default: `false`. */
  readonly measure?: boolean;
  /** Whether all writes go through one of several nodes that take them. Default: `refused`. */
  readonly multiWriter?: MultiWriter;
  /** What passes wait for. Default: nothing. */
  readonly probe?: Probe | undefined;
  /** Whether jobsweep's own tables are to be used. Default: `true`. */
  readonly ownTables?: boolean;
  /** Where findings say that the options of the store are, and in which language. Default: in code, in English. */
  readonly told?: Told;
  readonly signal?: AbortSignal | undefined;
}

/** In the order of `CHECK_NAMES`: some use what those before found. */
const CHECKS: readonly Check[] = [
  server,
  schema,
  states,
  undated,
  orphans,
  references,
  indexes,
  snapshots,
  probe,
  ownTables,
  claims,
  privileges,
  violations,
];

const WEIGHTS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/**
 * Looks at everything that may keep the strategies that are on from working well on these tables. A check that cannot
 * be made is said and stops no other; only a server that does not answer does.
 *
 * Rejects with the error of the connection, and with `ABORTED`.
 *
 * @example
 * const { ok, findings } = await diagnose(store, createStrategies(store));
 * for (const { severity, subject, problem, fix } of findings) console.log(severity, subject, problem, fix);
 */
export async function diagnose<Session>(
  store: CleanupStore<Session>,
  strategies: readonly CleanupStrategy<Session>[],
  options: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const { applyIndexes = false, measure = false, ownTables: usesOwnTables = true, told = {}, signal } = options;
  const { name: config = DEFAULT_CONFIG, multiWriter = 'refused' } = options;
  const words = wordsOf(told.locale).doctor;
  const checks: CheckResult[] = [];
  const findings: Finding[] = [];
  let facts: Facts = {};
  let isUnreadable = false;
  for (const check of CHECKS) {
    const context: CheckContext = {
      store,
      config,
      multiWriter,
      probe: options.probe,
      diagnosis: store.inspect.diagnosis,
      strategies: (strategies as readonly CleanupStrategy<unknown>[]).filter(isRuled),
      usesOwnTables,
      applyIndexes,
      measure,
      told,
      words,
      signal,
      facts,
    };
    const isPointless: boolean = check.needsTables && isUnreadable;
    const outcome: Attempted = isPointless
      ? { summary: words.pointless, isSkipped: true }
      : await attempt(check, context);
    isUnreadable ||= outcome.isUnreadable === true;
    findings.push(...(outcome.findings ?? []).map((one) => ({ check: check.name, ...one })));
    facts = { ...facts, ...outcome.facts };
    checks.push({ name: check.name, ...verdictOf(outcome, words) });
  }
  return {
    ok: findings.every(({ severity }) => severity === 'info') && checks.every(({ status }) => status !== 'failed'),
    versions: { jobsweep: packageVersion(), node: process.versions.node },
    checks,
    findings: findings.sort((one, other) => WEIGHTS[one.severity] - WEIGHTS[other.severity]),
    server: facts.server ?? null,
    clockSkewSeconds: facts.clockSkewSeconds ?? null,
    ownTables: facts.ownTables ?? [],
    claims: facts.claims ?? [],
    indexes: facts.indexes ?? [],
    costs: facts.costs ?? [],
    references: facts.references ?? [],
    violations: facts.violations ?? [],
  };
}

const isRuled = (strategy: CleanupStrategy<unknown>): strategy is RuledStrategy =>
  strategy.rule !== undefined && isEnabled(strategy);

type Attempted = CheckOutcome & { readonly hasFailed?: true };

async function attempt(check: Check, context: CheckContext): Promise<Attempted> {
  try {
    return await check.run(context);
  } catch (error) {
    if (check.name === 'server' || isJobsweepError(error, 'ABORTED', 'CONNECTION_LOST')) throw error;
    return { summary: errorText(error), hasFailed: true };
  }
}

function verdictOf(
  { summary, findings = [], isSkipped, hasFailed }: Attempted,
  words: Words['doctor'],
): Pick<CheckResult, 'status' | 'summary'> {
  if (hasFailed) return { status: 'failed', summary };
  if (isSkipped) return { status: 'skipped', summary };
  if (findings.length === 0) return { status: 'fine', summary };
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [words.counts[severity](count)];
  });
  return { status: 'findings', summary: words.list(counts) };
}
