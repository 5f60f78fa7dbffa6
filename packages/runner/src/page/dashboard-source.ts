import {
  type CleanupStore,
  type CleanupStrategy,
  type DashboardSource,
  DEFAULT_CONFIG,
  invalidOption,
  type Locale,
  type WatchedCommand,
  type WatchedStrategy,
} from '@jobsweep/core';
import { type DiagnoseOptions, diagnose } from '../doctor/diagnose.js';
import { unlessHidden } from '../history/unless-hidden.js';
import { type PlanRoundOptions, planRound } from '../plan/plan-round.js';
import { ruleAgeSeconds } from '../plan/rule-age.js';
import { isEnabled } from '../round/selection.js';
import { nextTurn, scheduleOf } from '../schedule/next-turn.js';
import type { Schedule } from '../schedule/schedule.js';
import { modesOf } from '../turn/mode.js';

/** Counting stops there, and is shown with a plus. */
const COUNT_AT_MOST = 10_000;
const SAMPLES = 10;
const PAGE_CHANGES = 100;

/** What a runner of the same config is told. */
export interface DashboardSourceOptions {
  /** The name of the config. Default: `main`. */
  readonly name?: string | undefined;
  /** The language of what is said of strategies and findings. Default: `en`. */
  readonly locale?: Locale;
  /** How commands find the config. Default: they need nothing. */
  readonly command?: WatchedCommand;
  /** As of the runner. Default: each strategy's own interval. */
  readonly schedules?: Readonly<Record<string, Schedule>>;
  /** What plans are made with. Default: as of `planRound`. */
  readonly plan?: Omit<PlanRoundOptions, 'name' | 'locale' | 'samples' | 'atMost' | 'signal'>;
  /** What the doctor is told. Default: as of `diagnose`; it never makes an index. */
  readonly doctor?: Omit<DiagnoseOptions, 'name' | 'applyIndexes' | 'measure' | 'signal'>;
}

/**
 * What a dashboard shows of a store and its strategies. Nothing is asked before somebody looks, and nothing is written.
 *
 * @example
 * const source = dashboardSource(store, createStrategies(store));
 * const dashboard = createDashboard(source, { authorize: (request) => isAdmin(request) });
 */
export function dashboardSource<Session>(
  store: CleanupStore<Session>,
  strategies: readonly CleanupStrategy<Session>[],
  options: DashboardSourceOptions = {},
): DashboardSource {
  const { name: config = DEFAULT_CONFIG, locale = 'en', command, schedules = {} } = options;
  const { inspect, claims, journal } = store;
  const modes = modesOf(strategies, options.plan?.modes);
  return {
    config,
    locale,
    command,

    async strategies({ signal }) {
      const { now } = await inspect.server({ signal });
      const states = await unlessHidden(claims.list({ config, signal }));
      const watched = strategies.map((strategy): WatchedStrategy => {
        const { name, description, rule } = strategy;
        const given = schedules[name] ?? strategy;
        const schedule = scheduleOf(
          { intervalSeconds: strategy.intervalSeconds, ...given },
          'cron' in given ? given : {},
        );
        const claim = states?.find((state) => state.strategy === name) ?? null;
        const isOff = !isEnabled(strategy) || claim?.pause != null;
        return {
          name,
          description,
          isEnabled: isEnabled(strategy),
          mode: modes.get(name) ?? 'repair',
          isCounted: rule !== undefined && isEnabled(strategy),
          ageLimitSeconds: rule === undefined ? 0 : ruleAgeSeconds(rule),
          schedule,
          nextDueAt: isOff ? null : nextTurn(schedule, claim, now),
          claim,
        };
      });
      return { now, isInitialized: states !== undefined, strategies: watched };
    },

    async backlog(name, { signal }) {
      const rule = strategies.find((strategy) => strategy.name === name)?.rule;
      if (rule === undefined) throw invalidOption('strategy', name, 'name one that has a rule');
      const { due, population, undated, oldestAgeSeconds } = await inspect.totals(rule, {
        atMost: COUNT_AT_MOST,
        signal,
      });
      const last = journal.read({ config, strategy: name, repairedOnly: true, limit: 1, signal });
      const [lastRepair = null] = (await unlessHidden(last)) ?? [];
      return { due, population, undated, oldestAgeSeconds, atMost: COUNT_AT_MOST, lastRepair };
    },

    async changes({ pass }, { limit = PAGE_CHANGES, ...page }) {
      if (pass === null) return [];
      const kept = await unlessHidden(store.changes.read({ ...page, pass, limit }));
      return (kept ?? []).map(({ id, table, rowId, jobId, before, after, undoneAt }) => {
        return { id, table, rowId, jobId, before, after, undoneAt };
      });
    },

    async changeCounts({ pass }, { signal }) {
      const counts = pass === null ? undefined : await unlessHidden(store.changes.count({ pass, signal }));
      return counts ?? { rows: 0, deleted: 0, undone: 0 };
    },

    passes: (asked) => journal.read({ ...asked, config }),

    spans: (asked) => journal.totals({ ...asked, config }),

    async plan({ signal }) {
      const bounds = { name: config, locale, samples: SAMPLES, atMost: COUNT_AT_MOST, signal };
      const { strategies: plans } = await planRound(store, strategies, { ...options.plan, ...bounds });
      const switchedOff = strategies.filter(({ enabled }) => enabled === false).map(({ name }) => name);
      return plans.map((plan) => ({ ...plan, isRunnable: !switchedOff.includes(plan.name) }));
    },

    diagnosis: ({ signal }) =>
      diagnose(store, strategies, { told: { locale }, ...options.doctor, name: config, signal }),
  };
}
