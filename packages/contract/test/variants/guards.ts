import type { Job, JobState } from '@jobsweep/core';
import { type JobRow, MemoryCleanupRepository, Rules } from '@jobsweep/core/memory';
import { type Variant, withGuards, withOperations, withWritesOf } from './variant.js';

class AnyRun extends Rules {
  override sameRun(): boolean {
    return true;
  }
}

class SameMillisecond extends Rules {
  override sameTime(exact: string | null | undefined, date: Date | null, now: string | null): boolean {
    return super.sameTime(exact?.slice(0, 23), date, now?.slice(0, 23) ?? null);
  }
}

class AnyAllocation extends Rules {
  override sameAllocation(): boolean {
    return true;
  }
}

class AnyJobIsFinished extends Rules {
  override isFinished(): boolean {
    return true;
  }
}

class AnyJobIsRunning extends Rules {
  override isRunning(): boolean {
    return true;
  }
}

class UnknownStateIsFinished extends Rules {
  override isFinished(job: JobRow): boolean {
    return job.state !== 'PENDING' && job.state !== 'RUNNING';
  }
}

class EverythingIsReleased extends Rules {
  override isReleased(): boolean {
    return true;
  }
}

class AnyStateByHand extends Rules {
  override sameJob(given: Job, now: JobRow): boolean {
    return super.sameJob(given.version === undefined ? { ...given, state: now.state as JobState } : given, now);
  }
}

class AnyHeartbeat extends Rules {
  override sameHeartbeat(): boolean {
    return true;
  }
}

class NoSiblings extends Rules {
  override keepsAlive(): boolean {
    return false;
  }
}

/** Faults in what is asked of rows again before they are written. */
export const guardVariants: readonly Variant[] = [
  {
    name: 'release-by-id',
    fault: 'allocations are released by id, whatever became of their job',
    failsIn:
      'releaseResourcesForCompletedJobs > passes over an allocation when, since it was read, the job was queued again',
    store: withOperations((_sound, database) => ({
      async releaseResourcesForCompletedJobs(session, allocations) {
        const ids = new Set(allocations.map(({ id }) => id));
        const values = { status: 'RELEASED', releasedTime: database.now() };
        return (await session.update('allocations', ({ id }) => ids.has(id), values)).length;
      },
    })),
  },
  {
    name: 'guard-without-state',
    fault: 'a job is failed by id and start, whatever its state',
    failsIn: 'markJobsAsFailed > passes over a job that was read in another state, and still is in it',
    store: withGuards(AnyJobIsRunning),
  },
  {
    name: 'guard-without-version',
    fault: 'a job is failed while it runs, whichever run that is',
    failsIn: 'markJobsAsFailed > passes over a job that was started again since it was read',
    store: withGuards(AnyRun),
  },
  {
    name: 'guard-without-microseconds',
    fault: 'runs are told apart by the millisecond of their start',
    failsIn:
      "'markJobsAsFailed', when between the read and the write > the job is started again within the same millisecond, leaves the job alone",
    store: withGuards(SameMillisecond),
  },
  {
    name: 'guard-by-hand-without-state',
    fault: 'a job made by hand is guarded by its times alone',
    failsIn: 'deleteJobsBatch > guards a job made by hand by its state, and by the milliseconds of its start and end',
    store: withGuards(AnyStateByHand),
  },
  {
    name: 'guard-without-allocation',
    fault: 'an allocation is released although it changed since it was read',
    failsIn:
      'releaseResourcesForCompletedJobs > passes over an allocation when, since it was read, the allocation was allocated anew',
    store: withGuards(AnyAllocation),
  },
  {
    name: 'release-of-the-living',
    fault: 'what a job holds is released, whether it is finished or not',
    failsIn: 'releaseResourcesForJobs > passes over a job that was never finished',
    store: withGuards(AnyJobIsFinished),
  },
  {
    name: 'delete-of-the-living',
    fault: 'a job is deleted as it was read, whether it is finished or not',
    failsIn: 'deleteJobsBatch > passes over a job that was read while it runs, and still does',
    store: withGuards(AnyJobIsFinished),
  },
  {
    name: 'guard-of-known-states',
    fault: 'what a job holds is released unless it is PENDING or RUNNING',
    failsIn: 'releaseResourcesForJobs > passes over a job that, since it was read, has an unknown state',
    store: withGuards(UnknownStateIsFinished),
  },
  {
    name: 'delete-with-live-allocations',
    fault: 'a job is deleted with all that it holds',
    failsIn: 'deleteJobsBatch > keeps a job, with all its allocations, that holds one whose status is "ALLOCATED"',
    store: withGuards(EverythingIsReleased),
  },
  {
    name: 'new-sibling-ignored',
    fault: 'a job is failed as stale although it got another allocation since',
    failsIn: "cleanupStaleReservations > passes over a reservation that got a sibling which 'is ALLOCATED'",
    store: withGuards(NoSiblings),
  },
  {
    name: 'filters-of-reads-alone',
    fault: 'filters say what is found, and not what is written',
    failsIn:
      "filters > say which jobs 'releaseResourcesForCompletedJobs' may see and touch: > a job that 'left the scope' since it was read is left alone",
    store: withWritesOf(
      (database, { filters: _filters, ...options } = {}) => new MemoryCleanupRepository(database, options),
    ),
  },
  {
    name: 'heartbeat-of-reads-alone',
    fault: 'a job is failed although it has beaten again since it was read',
    failsIn: "filters > ageColumn > keeps a job that beat again 'by one step' since it was read",
    store: withGuards(AnyHeartbeat),
  },
];
