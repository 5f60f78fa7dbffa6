import {
  type ClaimState,
  type CleanupStore,
  type CleanupStrategy,
  DEFAULT_CONFIG,
  type HistoryEntry,
} from '@jobsweep/core';
import { isEnabled } from '../round/selection.js';
import { unlessHidden } from './unless-hidden.js';

/** A strategy as it stands, whoever runs it. */
export interface StrategyOverview {
  readonly name: string;
  readonly description: string;
  readonly isEnabled: boolean;
  readonly priority: number;
  readonly dependsOn: readonly string[];
  readonly tags: readonly string[];
  readonly intervalSeconds: number;
  /** Its last pass that repaired something, by any runner; `null`: the history has none. */
  readonly lastRepair: HistoryEntry | null;
  /** Whose turn it is, and when the last one began; `null`: it never had one, or nobody keeps claims. */
  readonly claim: ClaimState | null;
}

export interface Overview {
  /** Whether jobsweep's own tables are there and may be read: without them nothing is known of passes and claims. */
  readonly isInitialized: boolean;
  readonly strategies: readonly StrategyOverview[];
}

export interface OverviewOptions {
  /** The name of the config. Default: `main`. */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What is known of strategies from claims and history. Reads jobsweep's own tables only.
 *
 * @example
 * const { strategies } = await overview(store, createStrategies(store));
 * for (const { name, claim } of strategies) console.log(name, claim?.holder ?? 'free');
 */
export async function overview<Session>(
  store: Pick<CleanupStore<Session>, 'claims' | 'journal'>,
  strategies: readonly CleanupStrategy<Session>[],
  { name: config = DEFAULT_CONFIG, signal }: OverviewOptions = {},
): Promise<Overview> {
  const claims = await unlessHidden(store.claims.list({ config, signal }));
  const known: StrategyOverview[] = [];
  for (const strategy of strategies) {
    const { name, description, metadata, intervalSeconds } = strategy;
    const { priority, dependsOn, tags } = metadata;
    const last = { config, strategy: name, repairedOnly: true, limit: 1, signal };
    const repairs = await unlessHidden(store.journal.read(last));
    known.push({
      name,
      description,
      isEnabled: isEnabled(strategy),
      priority,
      dependsOn,
      tags,
      intervalSeconds,
      lastRepair: repairs?.[0] ?? null,
      claim: claims?.find((claim) => claim.strategy === name) ?? null,
    });
  }
  return { isInitialized: claims !== undefined, strategies: known };
}
