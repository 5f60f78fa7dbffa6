/** The states of a job that jobsweep knows. Raw values of a table are mapped onto them by the schema. */
export const JOB_STATES = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A finished job runs no more: whatever it still holds is a leak. */
export const FINISHED_JOB_STATES = ['COMPLETED', 'FAILED', 'CANCELLED'] as const satisfies readonly JobState[];

/** The states of a job whose reservation can be stale: it was never begun, or never has been heard of since. */
export const STALE_JOB_STATES = ['RUNNING', 'PENDING'] as const satisfies readonly JobState[];
export type StaleJobState = (typeof STALE_JOB_STATES)[number];

/** The statuses of a resource allocation that jobsweep knows. An unknown one is reported, never written. */
export const RESOURCE_STATUSES = ['RESERVED', 'ALLOCATED', 'RELEASED'] as const;
export type ResourceStatus = (typeof RESOURCE_STATUSES)[number];

/** "Not RELEASED" means one of these, and never a status nobody mapped. */
export const UNRELEASED_RESOURCE_STATUSES = ['RESERVED', 'ALLOCATED'] as const satisfies readonly ResourceStatus[];

/**
 * What a row looked like in the database when it was read, to the last microsecond. Only the adapter that read the
 * row makes and understands it: writes are guarded by it and pages continue from it. Hand it back as it came.
 */
export type RowVersion = Readonly<Record<string, string | null>>;

/**
 * Where a row is in the order of pages: its id, and the version that it was read with. Every row that was read is one, and it
 * stays one when the row is gone.
 */
export interface Place {
  readonly id: string;
  readonly version?: RowVersion | undefined;
}

/** A job of the cluster. Ids are strings whatever the column is; times are UTC. */
export interface Job {
  readonly id: string;
  /** Empty where the table holds NULL. */
  readonly name: string;
  readonly state: JobState;
  /** When the current run began; `null` while unset. */
  readonly startTime: Date | null;
  readonly endTime: Date | null;
  readonly errorMsg: string | null;
  /** Slurm's notation, `code:signal`. */
  readonly exitCode: string | null;
  /** Absent on a row made by hand, which is then guarded by the millisecond of its times. */
  readonly version?: RowVersion;
}

/** A resource (a GPU, a node, a slot) held for a job. A job has any number of them. */
export interface ResourceAllocation {
  readonly id: string;
  readonly jobId: string;
  readonly status: ResourceStatus;
  /** When it was reserved or allocated; `null` while unset. */
  readonly allocationTime: Date | null;
  readonly releasedTime: Date | null;
  /** Absent on a row made by hand, which is then guarded by the millisecond of its times. */
  readonly version?: RowVersion;
}

/** An allocation together with the job that it belongs to. */
export interface AllocationWithJob extends ResourceAllocation {
  readonly job: Job;
}

/** What every row that a strategy repairs has. */
export interface CleanupRow {
  readonly id: string;
}
