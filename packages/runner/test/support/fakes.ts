import {
  type CleanupOptions,
  type CleanupRepository,
  type CleanupRow,
  type CleanupStore,
  type CleanupStrategy,
  JobsweepError,
  type Logger,
  type SchemaFinding,
  type TransactionOptions,
  withoutOwnTables,
} from '@jobsweep/core';
import { vi } from 'vitest';

/** The transaction handle of the fake store. */
export interface FakeSession {
  readonly readOnly: boolean;
}

const refuse = async () => {
  throw new Error('Not asked in these tests');
};

/** A store without a database: runs work at once, keeps the options of its transactions, and finds what it is told. */
export function fakeStore(findings: readonly SchemaFinding[] = []) {
  const transactions: TransactionOptions[] = [];
  const schema = vi.fn(async () => findings);
  const store: CleanupStore<FakeSession> = {
    repository: {} as CleanupRepository<FakeSession>,
    capabilities: { strategies: [], transactions: true, skipsLocked: true, readFence: true },
    deadlineSeconds: 35,
    inspect: { schema, totals: refuse, server: refuse },
    ...withoutOwnTables(),
    async transaction(work, options = {}) {
      transactions.push(options);
      const result = await work({ readOnly: options.readOnly ?? false });
      if (options.signal?.aborted) throw new JobsweepError('ABORTED', 'stopped');
      return result;
    },
  };
  return { store, schema, transactions };
}

export interface FakeStrategyOptions {
  readonly priority?: number;
  readonly dependsOn?: readonly string[];
  readonly tags?: readonly string[];
  readonly timeoutSeconds?: number;
  readonly enabledByDefault?: boolean;
  readonly enabled?: boolean;
  /** Rows that are due, with the ids `<name> 1`, `<name> 2`, ... Default: 1. */
  readonly due?: number;
  /** What its cleanup rejects with. */
  readonly fails?: Error;
  /** Called when its pass begins. */
  readonly onTurn?: () => void | Promise<void>;
  /** Called before a batch is repaired. */
  readonly onCleanup?: () => void | Promise<void>;
}

/** A strategy without a database. Its rows go away when they are repaired. */
export function aStrategy<Session = FakeSession>(
  name: string,
  options: FakeStrategyOptions = {},
): CleanupStrategy<Session> {
  const { priority = 1, dependsOn = [], tags = [], timeoutSeconds = 60, enabledByDefault = true, due = 1 } = options;
  let rows: CleanupRow[] = Array.from({ length: due }, (_, index) => ({ id: `${name} ${index + 1}` }));
  return {
    name,
    description: `Repairs ${name}`,
    metadata: { priority, dependsOn, tags, timeoutSeconds, enabledByDefault },
    intervalSeconds: 60,
    enabled: options.enabled,
    async before() {
      await options.onTurn?.();
      return rows.length > 0;
    },
    async find(_session, { limit = rows.length, after }) {
      const start = after === undefined ? 0 : rows.findIndex(({ id }) => id === after.id) + 1;
      return rows.slice(start, start + limit);
    },
    async cleanup(_session, { rows: found = [] }: CleanupOptions<CleanupRow> = {}) {
      await options.onCleanup?.();
      if (options.fails !== undefined) throw options.fails;
      rows = rows.filter((row) => !found.includes(row));
      return { itemsCleaned: found.length, found, changed: found, contended: [] };
    },
    after() {},
    describe: ({ id }) => `Row ${id} is due`,
    announce() {},
  };
}

/** Keeps what is logged as lines: `warn [name] ...`. */
export function recordingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
