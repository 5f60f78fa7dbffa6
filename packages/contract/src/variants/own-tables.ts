import type { Totals } from '@jobsweep/core';
import { withJournal, withTurns } from './broken-service.js';
import { withMembers, withStores } from './broken-store.js';
import { byOwnClock } from './own-clock.js';
import type { Variant } from './variant.js';

/** A store whose totals are changed on their way. */
const withTotals = (change: (sound: Totals) => Totals) =>
  withMembers(({ inspect }) => ({
    inspect: { ...inspect, totals: async (rule, options) => change(await inspect.totals(rule, options)) },
  }));

/** Faults in jobsweep's own tables, in the history, and in what is counted. */
export const ownTableVariants: readonly Variant[] = [
  {
    name: 'tables-made-anew',
    fault: 'tables that are there are made anew',
    failsIn: 'own tables > keep what is in them when they are made again',
    broken: withMembers(({ ownTables }, { own }) => ({
      ownTables: {
        ...ownTables,
        async create(options) {
          await own?.drop();
          return ownTables.create(options);
        },
      },
    })),
  },
  {
    name: 'tables-made-in-passing',
    fault: 'tables are made by whoever needs them first',
    failsIn: 'own tables > are missing until they are made, and whatever needs them says so',
    broken: withMembers(({ claims, ownTables }) => ({
      claims: {
        ...claims,
        async list(options) {
          await ownTables.create();
          return claims.list(options);
        },
      },
    })),
  },
  {
    name: 'history-by-own-clock',
    fault: 'the history is in the time of this process',
    failsIn: 'the journal > counts when a pass began back from the server’s clock, whatever this process takes for now',
    broken: withTurns({ tx: (tx) => ({ insert: (table, row) => tx.insert(table, byOwnClock(row)) }) }),
  },
  {
    name: 'history-by-number',
    fault: 'the history continues by the number of entries before',
    failsIn: 'the journal > is read from the newest on, page by page, without losing or repeating an entry',
    broken: withJournal((journal) => {
      let read = 0;
      return {
        async read({ before, limit = 20, ...options } = {}) {
          const skipped = before === undefined ? 0 : read;
          read = skipped + limit;
          return (await journal.read({ ...options, limit: 1000 })).slice(skipped, read);
        },
      };
    }),
  },
  {
    name: 'history-of-all',
    fault: 'the history of a strategy is that of all',
    failsIn: 'the journal > gives the entries of one strategy, compared to the letter, in pages too',
    broken: withJournal((journal) => ({ read: ({ strategy: _strategy, ...options } = {}) => journal.read(options) })),
  },
  {
    name: 'history-of-vain-passes',
    fault: 'passes that repaired nothing are among those that did',
    failsIn: 'the journal > gives the passes that repaired something, in pages too, where nothing else is wanted',
    broken: withJournal((journal) => ({ read: ({ repairedOnly: _only, ...options } = {}) => journal.read(options) })),
  },
  {
    name: 'history-summed-by-rows',
    fault: 'each pass counts as one, whatever it did',
    failsIn: 'the journal > sums up what was done, by strategy and result, over spans of time',
    broken: withJournal((journal) => ({
      totals: async (options) =>
        (await journal.totals(options)).map((span) => ({ ...span, itemsCleaned: span.passes })),
    })),
  },
  {
    name: 'history-summed-for-ever',
    fault: 'sums are of the whole history, however long ago',
    failsIn: 'the journal > sums up what was done, by strategy and result, over spans of time',
    broken: withTurns({
      tx: (tx) => ({ sums: ({ span, ...query }) => tx.sums({ ...query, span: { ...span, since: 0n } }) }),
    }),
  },
  {
    name: 'pruned-whatever-age',
    fault: 'the history is pruned whatever its age',
    failsIn: 'the journal > loses the passes that began longer ago than it is to be kept, and no others',
    broken: withJournal((journal) => ({ prune: (options) => journal.prune({ ...options, maxAgeDays: 1e-9 }) })),
  },
  {
    name: 'pruned-at-once',
    fault: 'the history is pruned all at once, however much that is',
    failsIn: 'the journal > loses no more passes at once than it is told, the oldest first',
    broken: withJournal((journal) => ({ prune: (options) => journal.prune({ ...options, limit: 1_000_000 }) })),
  },
  {
    name: 'totals-unfiltered',
    fault: 'totals are of all rows, whatever the filters',
    failsIn: 'totals > are of what filters let through',
    broken: withStores((open, { filters: _filters, ...options }) => open(options)),
  },
  {
    name: 'totals-unbounded',
    fault: 'totals count on, however many rows there are',
    failsIn: 'totals > of stuck_job_cleanup stop at a number of rows',
    broken: withMembers(({ inspect }) => ({
      inspect: { ...inspect, totals: (rule, { atMost: _atMost, ...options } = {}) => inspect.totals(rule, options) },
    })),
  },
  {
    name: 'share-of-all-jobs',
    fault: 'what is due is taken for a share of itself',
    failsIn: 'totals > of old_job_cleanup are those of the rows',
    broken: withTotals((totals) => ({ ...totals, population: totals.due })),
  },
  {
    name: 'undated-left-out',
    fault: 'rows without a time are not counted as undated',
    failsIn: 'totals > of stale_reservation_cleanup are those of the rows',
    broken: withTotals((totals) => ({ ...totals, undated: 0 })),
  },
  {
    name: 'totals-by-own-limit',
    fault: 'totals go by the limit of the strategy, whatever the rule says',
    failsIn: 'totals > go by the limit of the rule',
    broken: withMembers(({ inspect }) => ({
      inspect: {
        ...inspect,
        totals: (rule, options) =>
          inspect.totals(rule.name === 'stuck_job_cleanup' ? { ...rule, maxAgeHours: 48 } : rule, options),
      },
    })),
  },
  {
    name: 'server-time-of-process',
    fault: 'the server’s time is this process’s',
    failsIn: 'the server tells what it is and what time it has, however wrong this process’s clock is',
    broken: withMembers(({ inspect }) => ({
      inspect: { ...inspect, server: async (options) => ({ ...(await inspect.server(options)), now: new Date() }) },
    })),
  },
];
