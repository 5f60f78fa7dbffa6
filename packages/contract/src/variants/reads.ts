import {
  anyOf,
  type Condition,
  isIn,
  type Job,
  type JobState,
  not,
  type Place,
  type Row,
  Rows,
  Rules,
  type TimeColumn,
} from '@jobsweep/core';
import { withContext, withOperations, withStores, withTx } from './broken-store.js';
import { WHY } from './circumstances.js';
import type { Variant } from './variant.js';

class AtTheThreshold extends Rules {
  override isBefore(time: TimeColumn, instant: bigint): Condition {
    return super.isBefore(time, instant + 1n);
  }
}

class UnsetIsOld extends Rules {
  override isBefore(time: TimeColumn, instant: bigint): Condition {
    return anyOf({ time: time.column, isSet: false }, super.isBefore(time, instant));
  }
}

class AnyCase extends Rules {
  override inState(...states: readonly JobState[]): Condition {
    return isIn(this.mapped.jobs.states.place.column, [...states, ...states.map((state) => state.toLowerCase())]);
  }
}

class AnyCaseShown extends Rows {
  override stateOf(row: Row) {
    return super.stateOf({ ...row, columns: { ...row.columns, state: row.columns.state?.toUpperCase() ?? null } });
  }
}

class UnknownIsFinished extends Rules {
  override isFinished(): Condition {
    return not(this.inState('PENDING', 'RUNNING'));
  }
}

class UnknownShowsAsCompleted extends Rows {
  override stateOf(row: Row) {
    return super.stateOf(row) ?? 'COMPLETED';
  }
}

class UnknownIsUnreleased extends Rules {
  override isUnreleased(): Condition {
    return not(this.isReleased());
  }
}

class UnknownShowsAsAllocated extends Rows {
  override statusOf(row: Row) {
    return super.statusOf(row) ?? 'ALLOCATED';
  }
}

class NoSiblings extends Rules {
  override keepsAlive(): Condition {
    return anyOf();
  }
}

/** Which row a job was when it was read, counted from 1. */
const rowsUpTo = new Map<string, number>();

/** Faults in what is found, counted and paged through. */
export const readVariants: readonly Variant[] = [
  {
    name: 'threshold-included',
    fault: '`<=` where the rule says before',
    failsIn: 'getStuckJobs > matches a job one step past the limit, and none exactly at it',
    broken: withContext({ rules: (mapped) => new AtTheThreshold(mapped) }),
  },
  {
    name: 'unset-time-is-old',
    fault: 'a time that is not set counts as before every horizon',
    failsIn: 'getOldJobs > passes over a job without an end, however long ago it started',
    broken: withContext({ rules: (mapped) => new UnsetIsOld(mapped) }),
  },
  {
    name: 'state-in-any-case',
    fault: 'states are compared as a collation does that knows no case',
    failsIn: 'getStuckJobs > passes over a job whose state is "running"',
    broken: withContext({
      rules: (mapped) => new AnyCase(mapped),
      rows: (...of) => new AnyCaseShown(...of),
    }),
  },
  {
    name: 'unknown-state-is-finished',
    fault: 'finished is everything that is not PENDING or RUNNING',
    failsIn: 'getOldJobs > passes over a job whose state is "ARCHIVED"',
    broken: withContext({
      rules: (mapped) => new UnknownIsFinished(mapped),
      rows: (...of) => new UnknownShowsAsCompleted(...of),
    }),
  },
  {
    name: 'unknown-status-is-unreleased',
    fault: 'unreleased is everything that is not RELEASED',
    failsIn: 'getCompletedJobsWithUnreleasedResources > passes over an allocation whose status is "DRAINING"',
    broken: withContext({
      rules: (mapped) => new UnknownIsUnreleased(mapped),
      rows: (...of) => new UnknownShowsAsAllocated(...of),
    }),
  },
  {
    name: 'sibling-ignored',
    fault: 'a reservation is judged without the other allocations of its job',
    failsIn: "getStaleReservations > passes over a reservation whose sibling 'is ALLOCATED'",
    broken: withContext({ rules: (mapped) => new NoSiblings(mapped) }),
  },
  {
    name: 'process-clock',
    fault: "now is this process's clock, not the database's",
    failsIn: "markJobsAsFailed > takes the end from the database's clock, however wrong this process's is",
    broken: withStores((open, options) => open({ clock: { now: () => new Date() }, ...options })),
  },
  {
    name: 'local-time-zone',
    fault: "the clock is taken for the time of day in this process's zone",
    failsIn:
      'in a process in New York > after an hour was left out, 48 hours are 48 hours, and times are read and written as they are',
    broken: withTx(({ now }) => ({
      now: now - BigInt(new Date(Number(now / 1000n)).getTimezoneOffset()) * 60_000_000n,
    })),
  },
  {
    name: 'limit-ignored',
    fault: 'a page has all rows',
    failsIn: 'getStuckJobs > in pages > of one row reaches the last one',
    broken: withOperations(({ getStuckJobs }) => ({
      getStuckJobs: (session, hours, options) => getStuckJobs(session, hours, { after: options?.after }),
    })),
  },
  {
    name: 'end-ignored',
    fault: 'a page goes on behind the row that it is to go up to',
    failsIn: 'getStuckJobs > in pages > ends with the row that they are to go up to, and where it was once it is gone',
    broken: withOperations(({ getStuckJobs }) => ({
      getStuckJobs: (session, hours, { upTo: _upTo, ...options } = {}) => getStuckJobs(session, hours, options),
    })),
  },
  {
    name: 'millisecond-cursor',
    fault: 'a page continues from the millisecond of the last row',
    failsIn: 'getStuckJobs > in pages > gives rows that are one step of time apart once each',
    hiddenWhere: { milliseconds: WHY.milliseconds },
    broken: withOperations(({ getStuckJobs }) => ({
      getStuckJobs: (session, hours, { after, ...options } = {}) =>
        getStuckJobs(session, hours, { ...options, after: after && withoutVersion(after) }),
    })),
  },
  {
    name: 'offset-paging',
    fault: 'a page continues by the number of rows before it',
    failsIn: 'getStuckJobs > in pages > loses no row when the ones before went away in between',
    broken: withOperations(({ getStuckJobs }) => ({
      async getStuckJobs(session, hours, { limit, after, signal } = {}) {
        const start = after === undefined ? 0 : (rowsUpTo.get(after.id) ?? 0);
        const page = (await getStuckJobs(session, hours, { signal })).slice(start, limit && start + limit);
        for (const [index, { id }] of page.entries()) rowsUpTo.set(id, start + index + 1);
        return page;
      },
    })),
  },
  {
    name: 'at-most-ignored',
    fault: 'a count counts on, however many there are',
    failsIn: 'countStaleReservations > of 3 rows, at most 1, is 1',
    broken: withOperations(({ countStaleReservations }) => ({
      countStaleReservations: (session, minutes, options) =>
        countStaleReservations(session, minutes, { signal: options?.signal }),
    })),
  },
  {
    name: 'bad-limit-is-none',
    fault: 'a limit that is no number of rows is taken for none',
    failsIn: 'a bound that is none > getOldJobs refuses a number of rows that is none',
    broken: withOperations(({ getOldJobs }) => ({
      getOldJobs: (session, days, { limit, ...options } = {}) =>
        getOldJobs(session, days, { ...options, ...(limit !== undefined && limit > 0 && { limit }) }),
    })),
  },
];

const withoutVersion = ({ version: _version, ...row }: Job | Place) => row;
