import { type Job, JobsweepError, type ResourceAllocation, UNRELEASED_RESOURCE_STATUSES } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import { allocationsOf, type Collection, type Mapping } from '../mapping/mapping.js';
import type { Conventions } from '../mapping/model.js';
import { ownAllocations } from '../reads/allocation-rows.js';
import { all, type Condition, isAnyOf } from '../reads/conditions.js';
import type { AgeRule } from '../reads/limits.js';
import { type AllocationRow, toAllocation } from '../rows/allocation-row.js';
import { type JobRow, toJob } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import { type Bson, exactText } from '../values/bson.js';
import { rawTime } from '../values/times.js';
import { eachAsRead, isExactly } from './as-read.js';
import { chunksOf } from './chunks.js';
import { jobGuard } from './current.js';

/** What a job is failed with. */
export interface Failure {
  readonly errorMsg: string;
  readonly exitCode: string;
  readonly rule: AgeRule;
}

/** Fails RUNNING jobs that were just read: FAILED, endTime now, message and exit code. Returns them as they are now. */
export async function updateToFailed(
  session: OpenSession,
  mapping: Mapping,
  rows: readonly JobRow[],
  { errorMsg, exitCode, rule }: Failure,
): Promise<Job[]> {
  const { collection, conventions, fields, states } = mapping.jobs;
  const state = states.writtenFor('FAILED');
  const end = rawTime(session.nowMs, fields.endTime.codec);
  const target: Target<JobRow> = {
    collection,
    conventions,
    idField: fields.id,
    idOf: ({ jid }) => jid,
    state: isAnyOf(fields.state, states.rawOf('RUNNING')),
    also: jobGuard(session, mapping, rule),
    asRead: ({ jstate, jstart, jend }) =>
      all(
        isExactly(fields.state, jstate),
        isExactly(fields.startTime.column, jstart),
        isExactly(fields.endTime.column, jend),
      ),
  };
  const set = {
    [fields.state]: state,
    [fields.endTime.column]: end,
    ...(fields.errorMsg !== null && { [fields.errorMsg]: errorMsg }),
    ...(fields.exitCode !== null && { [fields.exitCode]: exitCode }),
  };
  const failed = await updateGuarded(session, mapping.bson, target, rows, set);
  const written = {
    jstate: state,
    jend: end,
    ...(fields.errorMsg !== null && { jerror: errorMsg }),
    ...(fields.exitCode !== null && { jexit: exitCode }),
  };
  return failed.map((row) => toJob(mapping, { ...row, ...written }, 'FAILED'));
}

/** Releases unreleased allocations that were just read: RELEASED, releasedTime now. Returns them as they are now. */
export async function updateToReleased(
  session: OpenSession,
  mapping: Mapping,
  rows: readonly AllocationRow[],
): Promise<ResourceAllocation[]> {
  const { collection, conventions, fields, statuses } = allocationsOf(mapping);
  const status = statuses.writtenFor('RELEASED');
  const released = rawTime(session.nowMs, fields.releasedTime.codec);
  const target: Target<AllocationRow> = {
    collection,
    conventions,
    idField: fields.id,
    idOf: ({ aid }) => aid,
    state: isAnyOf(fields.status, statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES)),
    also: ownAllocations(mapping),
    asRead: ({ ajob, astatus, atime }) =>
      all(
        isExactly(fields.jobId, ajob),
        isExactly(fields.status, astatus),
        isExactly(fields.allocationTime.column, atime),
      ),
  };
  const set = { [fields.status]: status, [fields.releasedTime.column]: released };
  const changed: ResourceAllocation[] = [];
  for (const chunk of chunksOf(rows)) {
    for (const row of await updateGuarded(session, mapping.bson, target, chunk, set)) {
      changed.push(toAllocation(mapping, { ...row, astatus: status, areleased: released }, 'RELEASED'));
    }
  }
  return changed;
}

/**
 * Writes the fence of jobs that were just read and are relied on, though nothing of them changes: whoever changes one of
 * them meanwhile, or did so since our snapshot, is in conflict with us.
 */
export async function fence(
  session: OpenSession,
  { fenceField, jobs }: Mapping,
  rows: readonly JobRow[],
  guard: Condition,
): Promise<void> {
  if (fenceField === null || !session.atomic) return;
  for (const chunk of chunksOf(rows)) {
    const filter = all({ [jobs.fields.id]: { $in: chunk.map(({ jid }) => jid) } }, guard);
    const matched = await session.update(jobs.collection, { filter, update: { $inc: { [fenceField]: 1 } } });
    requireAll(matched, chunk.length);
  }
}

/** Throws `CONFLICT` where a write did not find each row as it was read a moment before. */
export function requireAll(matched: number, rows: number): void {
  if (matched === rows) return;
  throw new JobsweepError('CONFLICT', `${rows - matched} of ${rows} rows changed within the transaction. Try again.`);
}

interface Target<Row> {
  readonly collection: Collection;
  readonly conventions: Conventions;
  readonly idField: string;
  readonly idOf: (row: Row) => unknown;
  /** The states that rows are changed from: what is asked of every row once more. */
  readonly state: Condition;
  /** What is asked of each row instead where no transaction keeps it as it was read. */
  readonly asRead: (row: Row) => Condition;
  /** What is asked of every row in any case. */
  readonly also: Condition;
}

/** Updates rows that were just read, and returns those that it changed: in a transaction all of them. */
async function updateGuarded<Row>(
  session: OpenSession,
  bson: Bson,
  { collection, conventions, idField, idOf, state, asRead, also }: Target<Row>,
  rows: readonly Row[],
  set: mongo.Document,
): Promise<readonly Row[]> {
  if (rows.length === 0) return [];
  const update = inKeepingWith(conventions, set, session.nowMs);
  const among = { [idField]: { $in: rows.map(idOf) } };
  if (session.atomic) {
    requireAll(await session.update(collection, { filter: all(among, state, also), update }), rows.length);
    return rows;
  }
  const filters = eachAsRead(bson, rows, { idField, idOf, asRead }).map((filter) => all(filter, also));
  const each = filters.map((filter) => ({ filter, update }));
  if ((await session.updateEach(collection, each)) === rows.length) return rows;

  // Some had changed: those that are ours hold all that was written, down to the millisecond.
  const pipeline = [{ $match: all(among, set) }, { $project: { _id: 0, id: `$${idField}` } }];
  const changed = await session.rows<{ readonly id: unknown }>(collection, pipeline);
  const ids = new Set(changed.map(({ id }) => exactText(bson, id)));
  return rows.filter((row) => ids.has(exactText(bson, idOf(row))));
}

/** The update, with what the user's model does to each document that it changes. */
function inKeepingWith({ updatedAt, versionKey }: Conventions, set: mongo.Document, nowMs: number): mongo.Document {
  const time = updatedAt !== null && { [updatedAt.field]: updatedAt.isNumber ? nowMs : new Date(nowMs) };
  return { $set: { ...time, ...set }, ...(versionKey !== null && { $inc: { [versionKey]: 1 } }) };
}
