import { type Condition, EVERY, type Job, type JobState, not, type Row, Rows, Rules } from '@jobsweep/core';
import { withContext, withGuards, withOperations, withWritesOf } from './broken-store.js';
import { WHY } from './circumstances.js';
import { derived } from './replaced.js';
import type { Variant } from './variant.js';

class AnyRun extends Rows {
  override sameRun(): boolean {
    return true;
  }
}

class SameMillisecond extends Rows {
  protected override sameTime(...[exact, date, now, column]: Parameters<Rows['sameTime']>): boolean {
    const cut = now.columns[column.column]?.slice(0, -3) ?? null;
    const columns = { ...now.columns, [column.column]: cut };
    return super.sameTime(exact?.slice(0, -3) ?? exact, date, exact == null ? now : { ...now, columns }, column);
  }
}

class AnyAllocation extends Rows {
  override sameAllocation(): boolean {
    return true;
  }
}

class AnyRow extends AnyAllocation {
  override sameRun(): boolean {
    return true;
  }
}

class AnyJobIsFinished extends Rules {
  override isFinished() {
    return EVERY;
  }
}

class AnyJobIsUnfinished extends Rules {
  override isUnfinished() {
    return EVERY;
  }
}

class OneFewerIsKept extends Rules {
  override newest() {
    const newest = super.newest();
    return newest && derived(newest, { count: Math.max(1, newest.count - 1) });
  }
}

class NoneIsKept extends Rules {
  override newest() {
    return null;
  }
}

class AnyStateIsTheSame extends Rows {
  override sameState(): boolean {
    return true;
  }
}

class NothingSettles extends Rules {
  override settled(): Condition {
    return this.finished();
  }
}

class UnknownStateIsFinished extends Rules {
  override isFinished() {
    return not(this.inState('PENDING', 'RUNNING'));
  }
}

class EverythingIsReleased extends Rules {
  override isReleased() {
    return EVERY;
  }
}

class EverythingShowsAsReleased extends Rows {
  override statusOf() {
    return 'RELEASED' as const;
  }
}

class LimitOfShownName extends Rows {
  override sameLimit(...[rule, { version: _, ...given }, now]: Parameters<Rows['sameLimit']>): boolean {
    return super.sameLimit(rule, given, { ...now, labels: undefined });
  }
}

class AnyStateByHand extends Rows {
  override sameJob(given: Job, now: Row): boolean {
    const state = this.stateOf(now) as JobState;
    return super.sameJob(given.version === undefined ? { ...given, state } : given, now);
  }
}

class AnyHeartbeat extends Rows {
  override sameHeartbeat(): boolean {
    return true;
  }
}

class WaitingByState extends Rules {
  override neverStarted() {
    return this.inState('PENDING');
  }
}

class BegunWaits extends Rules {
  override neverStarted() {
    return this.inState('PENDING', 'RUNNING');
  }
}

class AnyTimeQueued extends Rows {
  protected override sameNoted(...[name, ...more]: Parameters<Rows['sameNoted']>): boolean {
    return name === 'createdTime' || super.sameNoted(name, ...more);
  }
}

class NothingKeepsAlive extends Rows {
  override effectOf() {
    return 0n;
  }
}

/** Faults in what is asked of rows again before they are written. */
export const guardVariants: readonly Variant[] = [
  {
    name: 'release-by-id',
    fault: 'allocations are released by id, whatever became of their job',
    failsIn:
      'releaseResourcesForCompletedJobs > passes over an allocation when, since it was read, the job was queued again',
    broken: withGuards({
      rules: (mapped) => new AnyJobIsFinished(mapped),
      rows: (...of) => new AnyRow(...of),
    }),
  },
  {
    name: 'guard-without-state',
    fault: 'a job is failed by id and start, whatever its state',
    failsIn: 'markJobsAsFailed > passes over a job that was read in another state, and still is in it',
    broken: withGuards({ rules: (mapped) => new AnyJobIsUnfinished(mapped) }),
  },
  {
    name: 'guard-without-version',
    fault: 'a job is failed while it runs, whichever run that is',
    failsIn: 'markJobsAsFailed > passes over a job that was started again since it was read',
    broken: withGuards({ rows: (...of) => new AnyRun(...of) }),
  },
  {
    name: 'guard-without-microseconds',
    fault: 'runs are told apart by the millisecond of their start',
    failsIn:
      "'markJobsAsFailed', when between the read and the write > the job is started again within the same millisecond, leaves the job alone",
    hiddenWhere: { milliseconds: WHY.milliseconds },
    broken: withGuards({ rows: (...of) => new SameMillisecond(...of) }),
  },
  {
    name: 'guard-by-hand-without-state',
    fault: 'a job made by hand is guarded by its times alone',
    failsIn: 'deleteJobsBatch > guards a job made by hand by its state, and by the milliseconds of its start and end',
    broken: withGuards({ rows: (...of) => new AnyStateByHand(...of) }),
  },
  {
    name: 'guard-without-allocation',
    fault: 'an allocation is released although it changed since it was read',
    failsIn:
      'releaseResourcesForCompletedJobs > passes over an allocation when, since it was read, the allocation was allocated anew',
    broken: withGuards({ rows: (...of) => new AnyAllocation(...of) }),
  },
  {
    name: 'release-of-the-living',
    fault: 'what a job holds is released, whether it is finished or not',
    failsIn: 'releaseResourcesForJobs > passes over a job that was never finished',
    broken: withGuards({ rules: (mapped) => new AnyJobIsFinished(mapped) }),
  },
  {
    name: 'delete-of-the-living',
    fault: 'a job is deleted as it was read, whether it is finished or not',
    failsIn: 'deleteJobsBatch > passes over a job that was read while it runs, and still does',
    broken: withGuards({ rules: (mapped) => new AnyJobIsFinished(mapped) }),
  },
  {
    name: 'guard-of-known-states',
    fault: 'what a job holds is released unless it is PENDING or RUNNING',
    failsIn: 'releaseResourcesForJobs > passes over a job that, since it was read, has an unknown state',
    broken: withGuards({ rules: (mapped) => new UnknownStateIsFinished(mapped) }),
  },
  {
    name: 'delete-with-live-allocations',
    fault: 'a job is deleted with all that it holds',
    failsIn: 'deleteJobsBatch > keeps a job, with all its allocations, that holds one whose status is "ALLOCATED"',
    broken: withGuards({
      rules: (mapped) => new EverythingIsReleased(mapped),
      rows: (...of) => new EverythingShowsAsReleased(...of),
    }),
  },
  {
    name: 'new-sibling-ignored',
    fault: 'a job is failed as stale although it got another allocation since',
    failsIn: "cleanupStaleReservations > passes over a reservation that got a sibling which 'is ALLOCATED'",
    broken: withGuards({ rows: (...of) => new NothingKeepsAlive(...of) }),
  },
  {
    name: 'filters-of-reads-alone',
    fault: 'filters say what is found, and not what is written',
    failsIn:
      "filters > say which jobs 'releaseResourcesForCompletedJobs' may see and touch: > a job that 'left the scope' since it was read is left alone",
    broken: withWritesOf((open, { filters: _filters, ...options }) => open(options)),
  },
  {
    name: 'keeps-one-fewer',
    fault: 'one fewer of the newest jobs is kept than is asked for',
    failsIn: 'filters > keepNewest > leaves so many in, of all that the filters cover, by the end and then by the id',
    broken: withContext({ rules: (mapped) => new OneFewerIsKept(mapped) }),
  },
  {
    name: 'newest-of-reads-alone',
    fault: 'nobody looks again whether a job is among the newest when it is deleted',
    failsIn:
      "filters > keepNewest, when one of the newest > 'is deleted' between the read and the write, leaves one more in",
    broken: withGuards({ rules: (mapped) => new NoneIsKept(mapped) }),
  },
  {
    name: 'limit-of-shown-name',
    fault: 'the limit of a job is told by as much of its name as is shown',
    failsIn: "filters > limitFor.'oldDays' > is that of the whole name, however little of it is shown",
    broken: withGuards({ rows: (...of) => new LimitOfShownName(...of) }),
  },
  {
    name: 'begun-meanwhile',
    fault: 'a job that waited fails for its reservation although it has begun since',
    failsIn: 'stale_reservation_cleanup > with jobStates > passes over a job that "is RUNNING" since it was read',
    broken: withGuards({ rows: (...of) => new AnyStateIsTheSame(...of) }),
  },
  {
    name: 'waits-no-more',
    fault: 'a job is failed for waiting although it was started since it was read',
    failsIn:
      'tables > that tell when a job was queued > failWaitingJobs passes over a job that "was started without a time" since it was read',
    hiddenWhere: { noCreatedTime: WHY.noCreatedTime },
    broken: withGuards({
      rules: (mapped) => new BegunWaits(mapped),
      rows: (...of) => new AnyStateIsTheSame(...of),
    }),
  },
  {
    name: 'waits-for-another-start',
    fault: 'a job that was given back is failed as one that never started',
    failsIn:
      'tables > that tell when a job was queued > getWaitingJobs returns those that wait for their first start past the limit, oldest first',
    hiddenWhere: { noCreatedTime: WHY.noCreatedTime },
    broken: withContext({ rules: (mapped) => new WaitingByState(mapped) }),
  },
  {
    name: 'queued-anew-unseen',
    fault: 'a job is failed for waiting although it was queued anew since it was read',
    failsIn:
      'tables > that tell when a job was queued > failWaitingJobs passes over a job that "was queued anew" since it was read',
    hiddenWhere: { noCreatedTime: WHY.noCreatedTime },
    broken: withGuards({ rows: (...of) => new AnyTimeQueued(...of) }),
  },
  {
    name: 'tries-without-end',
    fault: 'a job is given back however often it was before',
    failsIn:
      'requeue > of stuck jobs > counts tries, releases what the job holds in the same write, and fails jobs without tries',
    broken: withOperations((repository) => ({
      giveBackJobs: (session, jobs, requeue, ...more) =>
        repository.giveBackJobs(session, jobs, { ...requeue, maxTries: 1000 }, ...more),
    })),
  },
  {
    name: 'settled-in-reads-alone',
    fault: 'what a job holds is released in the time that it has to settle, once it was found',
    failsIn:
      'completed_job_cleanup > with settleSeconds > passes over a job that "ended again a moment ago" since it was read',
    broken: withGuards({ rules: (mapped) => new NothingSettles(mapped) }),
  },
  {
    name: 'heartbeat-of-reads-alone',
    fault: 'a job is failed although it has beaten again since it was read',
    failsIn: "filters > ageColumn > keeps a job that beat again 'by one step' since it was read",
    broken: withGuards({ rows: (...of) => new AnyHeartbeat(...of) }),
  },
];
