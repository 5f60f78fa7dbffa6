import type { ClientSession } from 'mongodb';
import { STALE_ERROR, STUCK_ERROR } from '../words.js';
import type { Allocation, Collections, Job, MongoAct } from './act.js';

const FINISHED = { $in: ['COMPLETED', 'FAILED', 'CANCELLED'] };
const UNRELEASED = { $in: ['RESERVED', 'ALLOCATED'] };
const MINUTE_MS = 60_000;
const before = (now: Date, minutes: number) => new Date(now.getTime() - minutes * MINUTE_MS);
const idsOf = (rows: readonly { readonly _id: number }[]) => ({ $in: rows.map(({ _id }) => _id) });
const jobsOf = (rows: readonly Allocation[]) => ({ $in: [...new Set(rows.map(({ jobId }) => jobId))] });

/** What comes after a row in the order of a time and the key. */
const after = (field: string, row: { readonly _id: number } | undefined, time: Date | null | undefined) =>
  row === undefined ? {} : { $or: [{ [field]: { $gt: time } }, { [field]: time, _id: { $gt: row._id } }] };

export const purge: MongoAct<Job> = {
  page: ({ jobs }, now, last, limit) =>
    jobs
      .find({ state: FINISHED, endTime: { $lt: before(now, 30 * 1440) }, ...after('endTime', last, last?.endTime) })
      .sort({ endTime: 1, _id: 1 })
      .limit(limit)
      .project<Job>({ state: 1, startTime: 1, endTime: 1 })
      .toArray(),
  async repair({ jobs, allocations }, now, page, session) {
    const old = { state: FINISHED, endTime: { $lt: before(now, 30 * 1440) } };
    const again = await jobs
      .find({ _id: idsOf(page), ...old }, { session })
      .project<Job>({ startTime: 1, endTime: 1 })
      .toArray();
    const same = sameTimes(page, again);
    const children = await allocations
      .find({ jobId: idsOf(same) }, { session })
      .project<Allocation>({ jobId: 1, status: 1 })
      .toArray();
    const holding = new Set(children.flatMap(({ jobId, status }) => (status === 'RELEASED' ? [] : [jobId])));
    const gone = children.filter(({ jobId }) => !holding.has(jobId));
    await allocations.deleteMany({ _id: idsOf(gone), status: 'RELEASED' }, { session });
    const due = same.filter(({ _id }) => !holding.has(_id));
    return (await jobs.deleteMany({ _id: idsOf(due), ...old }, { session })).deletedCount;
  },
};

export const release: MongoAct<Allocation> = {
  page: ({ allocations }, _now, last, limit) =>
    allocations
      .find({ status: UNRELEASED, ...(last === undefined ? {} : { _id: { $gt: last._id } }) })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray(),
  async repair(on, now, page, session) {
    const finished = await on.jobs
      .find({ _id: jobsOf(page), state: FINISHED }, { session })
      .project<Job>({ startTime: 1 })
      .toArray();
    const due = await sameAllocations(on, page, { status: UNRELEASED }, session);
    const jobs = new Set(finished.map(({ _id }) => _id));
    const same = due.filter(({ jobId }) => jobs.has(jobId));
    await on.jobs.updateMany({ _id: jobsOf(same), state: FINISHED }, { $inc: { fence: 1 } }, { session });
    return released(on, same, now, session);
  },
};

export const stale: MongoAct<Allocation> = {
  page: ({ allocations }, now, last, limit) =>
    allocations
      .find({
        status: 'RESERVED',
        allocationTime: { $lt: before(now, 10) },
        ...after('allocationTime', last, last?.allocationTime),
      })
      .sort({ allocationTime: 1, _id: 1 })
      .limit(limit)
      .toArray(),
  async repair(on, now, page, session) {
    const running = await on.jobs
      .find({ _id: jobsOf(page), state: 'RUNNING' }, { session })
      .project<Job>({ startTime: 1 })
      .toArray();
    const horizon = before(now, 10);
    const again = await sameAllocations(on, page, { status: 'RESERVED', allocationTime: { $lt: horizon } }, session);
    const fresh = { status: 'RESERVED', allocationTime: { $not: { $lt: horizon } } };
    const alive = await on.allocations
      .find({ jobId: jobsOf(page), $or: [{ status: 'ALLOCATED' }, fresh] }, { session })
      .project<Allocation>({ jobId: 1 })
      .toArray();
    const held = new Set(alive.map(({ jobId }) => jobId));
    const jobs = new Set(running.flatMap(({ _id }) => (held.has(_id) ? [] : [_id])));
    const due = again.filter(({ jobId }) => jobs.has(jobId));
    await failed(on, [...jobs], STALE_ERROR, '-3:0', now, session);
    return released(on, due, now, session);
  },
};

export const fail: MongoAct<Job> = {
  page: ({ jobs }, now, last, limit) =>
    jobs
      .find({
        state: 'RUNNING',
        startTime: { $lt: before(now, 48 * 60) },
        ...after('startTime', last, last?.startTime),
      })
      .sort({ startTime: 1, _id: 1 })
      .limit(limit)
      .toArray(),
  async repair(on, now, page, session) {
    const stuck = { state: 'RUNNING', startTime: { $lt: before(now, 48 * 60) } };
    const again = await on.jobs
      .find({ _id: idsOf(page), ...stuck }, { session })
      .project<Job>({ startTime: 1, endTime: 1 })
      .toArray();
    const due = sameTimes(page, again);
    const changed = await failed(
      on,
      due.map(({ _id }) => _id),
      STUCK_ERROR,
      '-2:0',
      now,
      session,
    );
    const held = await on.allocations.find({ jobId: idsOf(due), status: UNRELEASED }, { session }).toArray();
    await released(on, held, now, session);
    return changed;
  },
};

/** The jobs that are as they were found. */
function sameTimes(page: readonly Job[], again: readonly Job[]): Job[] {
  const found = new Map(page.map((job) => [job._id, job]));
  return again.filter((job) => {
    const then = found.get(job._id);
    return Number(then?.startTime) === Number(job.startTime) && Number(then?.endTime) === Number(job.endTime);
  });
}

async function sameAllocations(
  { allocations }: Collections,
  page: readonly Allocation[],
  rule: object,
  session: ClientSession,
): Promise<Allocation[]> {
  const found = new Map(page.map((row) => [row._id, row]));
  const again = await allocations.find({ _id: idsOf(page), ...rule }, { session }).toArray();
  return again.filter((row) => {
    const then = found.get(row._id);
    return then?.jobId === row.jobId && Number(then.allocationTime) === Number(row.allocationTime);
  });
}

async function failed(
  { jobs }: Collections,
  ids: readonly number[],
  errorMsg: string,
  exitCode: string,
  now: Date,
  session: ClientSession,
): Promise<number> {
  const set = { state: 'FAILED', endTime: now, errorMsg, exitCode };
  const { modifiedCount } = await jobs.updateMany(
    { _id: { $in: [...ids] }, state: 'RUNNING' },
    { $set: set },
    { session },
  );
  if (modifiedCount !== ids.length) throw new Error('Some jobs did not fail');
  return modifiedCount;
}

async function released(
  { allocations }: Collections,
  rows: readonly Allocation[],
  now: Date,
  session: ClientSession,
): Promise<number> {
  const set = { status: 'RELEASED', releasedTime: now };
  const { modifiedCount } = await allocations.updateMany(
    { _id: idsOf(rows), status: UNRELEASED },
    { $set: set },
    { session },
  );
  if (modifiedCount !== rows.length) throw new Error('Some allocations were not released');
  return modifiedCount;
}
