import type { DashboardSource, HistoryEntry, WatchedStrategy } from '@jobsweep/core';

/** A pass that did something. */
export const aPass = (pass: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: '7',
  config: 'main',
  strategy: 'stuck_job_cleanup',
  status: 'done',
  stopReason: 'drained',
  startedAt: new Date('2026-03-01T10:00:00Z'),
  durationMs: 1500,
  dueMs: 60_000,
  longestDueMs: 30_000,
  itemsCleaned: 7,
  itemsFound: 7,
  itemsContended: 0,
  itemsPassedOver: 0,
  itemsBlocked: 0,
  itemsUnknown: 0,
  batches: 1,
  blocked: [],
  error: null,
  host: 'node-1',
  holder: 'node-1:4711',
  note: null,
  samples: [],
  pass: '0b5e4b0c-7d2f-4d5e-8a53-1f6c7a9d2e10',
  ...pass,
});

export const aStrategy = (strategy: Partial<WatchedStrategy> = {}): WatchedStrategy => ({
  name: 'stuck_job_cleanup',
  description: 'Fails jobs that have run for more than 48 hours',
  isEnabled: true,
  mode: 'repair',
  isCounted: true,
  ageLimitSeconds: 172_800,
  schedule: { intervalSeconds: 3600, cron: null, timeZone: null },
  nextDueAt: new Date('2026-03-01T11:00:00Z'),
  claim: null,
  ...strategy,
});

/** A source without a database, which writes down what it was asked. */
export function aSource(replaced: Partial<DashboardSource> = {}): DashboardSource & { readonly asked: string[] } {
  const asked: string[] = [];
  const told = <Answer>(question: string, answer: Answer) => {
    asked.push(question);
    return Promise.resolve(answer);
  };
  const now = new Date('2026-03-01T10:30:00Z');
  return {
    asked,
    config: 'main',
    locale: 'en',
    strategies: () => told('strategies', { now, isInitialized: true, strategies: [aStrategy()] }),
    backlog: (name) =>
      told(`backlog ${name}`, {
        ...{ due: 3, population: 40, undated: 1, oldestAgeSeconds: 180_000, atMost: 10_000 },
        lastRepair: aPass(),
      }),
    passes: ({ id }) => told(`passes ${id ?? ''}`, id === undefined || id === '7' ? [aPass()] : []),
    spans: ({ withinSeconds }) => told(`spans ${withinSeconds}`, []),
    plan: () => told('plan', []),
    diagnosis: () => told('diagnosis', { ok: true, checks: [], findings: [] }),
    ...replaced,
  };
}

/** Asks a page of this address. */
export const get = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Request =>
  new Request(`http://localhost:9464${path}`, { method, headers });
