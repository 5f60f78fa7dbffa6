import type { ClientSession, Collection } from 'mongodb';

/** A job and an allocation, as the plain driver gives them. */
export interface Job {
  readonly _id: number;
  readonly state: string;
  readonly startTime: Date;
  readonly endTime: Date | null;
  readonly fence?: number;
}

export interface Allocation {
  readonly _id: number;
  readonly jobId: number;
  readonly status: string;
  readonly allocationTime: Date;
}

export interface Collections {
  readonly jobs: Collection<Job>;
  readonly allocations: Collection<Allocation>;
}

/** Rows of a page, in the order of its index, and what is done with them in a transaction: how many it changed. */
export interface MongoAct<Row> {
  readonly page: (on: Collections, now: Date, after: Row | undefined, limit: number) => Promise<Row[]>;
  readonly repair: (on: Collections, now: Date, page: readonly Row[], session: ClientSession) => Promise<number>;
}
