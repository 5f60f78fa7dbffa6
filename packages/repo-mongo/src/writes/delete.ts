import { FINISHED_JOB_STATES, type Job, throwIfAborted } from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { ownAllocations } from '../reads/allocation-rows.js';
import { all, isAnyOf } from '../reads/conditions.js';
import { jobsHolding } from '../reads/holding.js';
import { sameLimit } from '../reads/limits.js';
import { isFinished, type JobRow, nameOf, sameJob } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import { exactText } from '../values/bson.js';
import { eachAsRead, isExactly } from './as-read.js';
import { CHUNK_ROWS, type Written } from './chunks.js';
import { currentJobs, jobGuard, jobRef } from './current.js';
import type { Orphans } from './orphans.js';
import { requireAll } from './update.js';

const RULE = 'oldDays';

/** Deletes the given jobs that are finished as they were read and hold nothing, and their released allocations. */
export async function deleteFinished(
  session: OpenSession,
  mapping: Mapping,
  orphans: Orphans,
  jobs: readonly Job[],
  signal: AbortSignal | undefined,
): Promise<Written<Job>> {
  const { bson } = mapping;
  const current = await currentJobs(session, mapping, jobs.map(jobRef), RULE);
  const candidates = jobs.flatMap((job) => {
    const now = current.of(jobRef(job));
    if (now === undefined || !isFinished(mapping, now)) return [];
    return sameJob(mapping, job, now) && sameLimit(mapping, RULE, job.name, nameOf(now)) ? [now] : [];
  });
  const holders = await jobsHolding(
    session,
    mapping,
    candidates.map(({ jid }) => jid),
  );
  const isHolding = ({ jid }: JobRow) => holders.has(exactText(bson, jid));
  const due = candidates.filter((row) => !isHolding(row));
  const deleted = session.atomic
    ? await childrenThenJobs(session, mapping, due, signal)
    : await jobsThenChildren(session, mapping, orphans, due, signal);
  const those = (isMeant: (row: JobRow) => boolean) =>
    jobs.filter((job) => {
      const row = current.of(jobRef(job));
      return row !== undefined && isMeant(row);
    });
  const staying = new Set(candidates.filter(isHolding));
  return { changed: those((row) => deleted.has(row)), holding: those((row) => staying.has(row)) };
}

/** In a transaction both go or none, and nobody changes a job or a child of it meanwhile without a conflict. */
async function childrenThenJobs(
  session: OpenSession,
  mapping: Mapping,
  due: readonly JobRow[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<JobRow>> {
  if (due.length === 0) return new Set();
  const { collection, fields, states } = mapping.jobs;
  await deleteReleased(
    session,
    mapping,
    due.map(({ jid }) => jid),
    signal,
  );
  const filter = all(
    { [fields.id]: { $in: due.map(({ jid }) => jid) } },
    isAnyOf(fields.state, states.rawOf(...FINISHED_JOB_STATES)),
    jobGuard(session, mapping, RULE),
  );
  requireAll(await session.delete(collection, filter), due.length);
  return new Set(due);
}

/** Without transactions the guarded delete of the job decides, and what it held goes after it. */
async function jobsThenChildren(
  session: OpenSession,
  mapping: Mapping,
  orphans: Orphans,
  due: readonly JobRow[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<JobRow>> {
  await orphans.forgetReturned(session, mapping);
  const deleted = await deleteEach(session, mapping, due);
  const ids = deleted.map(({ jid }) => jid);
  await orphans.deleteChildren(ids, (some) => deleteReleased(session, mapping, some, signal));
  return new Set(deleted);
}

/** Deletes jobs that are still as they were read, each by itself. */
async function deleteEach(session: OpenSession, mapping: Mapping, due: readonly JobRow[]): Promise<readonly JobRow[]> {
  if (due.length === 0) return [];
  const { bson, jobs } = mapping;
  const { collection, fields } = jobs;
  const asRead = ({ jstate, jstart, jend }: JobRow) =>
    all(
      isExactly(fields.state, jstate),
      isExactly(fields.startTime.column, jstart),
      isExactly(fields.endTime.column, jend),
    );
  const filters = eachAsRead(bson, due, { idField: fields.id, idOf: ({ jid }) => jid, asRead });
  const guarded = filters.map((filter) => all(filter, jobGuard(session, mapping, RULE)));
  if ((await session.deleteEach(collection, guarded)) === due.length) return due;
  const among = { $match: { [fields.id]: { $in: due.map(({ jid }) => jid) } } };
  const left = await session.rows<{ readonly id: unknown }>(collection, [
    among,
    { $project: { _id: 0, id: `$${fields.id}` } },
  ]);
  const leftIds = new Set(left.map(({ id }) => exactText(bson, id)));
  return due.filter(({ jid }) => !leftIds.has(exactText(bson, jid)));
}

/** Deletes the released allocations of jobs, of which each may have any number. */
async function deleteReleased(
  session: OpenSession,
  mapping: Mapping,
  jobIds: readonly unknown[],
  signal: AbortSignal | undefined,
): Promise<void> {
  if (mapping.allocations === null || jobIds.length === 0) return;
  const { collection, fields, statuses } = allocationsOf(mapping);
  const released = all(
    { [fields.jobId]: { $in: [...jobIds] } },
    isAnyOf(fields.status, statuses.rawOf('RELEASED')),
    ownAllocations(mapping),
  );
  const ids = [{ $match: released }, { $project: { _id: 0, id: `$${fields.id}` } }];
  for await (const part of session.parts<{ readonly id: unknown }>(collection, ids, CHUNK_ROWS)) {
    throwIfAborted(signal);
    const deleted = await session.delete(collection, all({ [fields.id]: { $in: part.map(({ id }) => id) } }, released));
    if (session.atomic) requireAll(deleted, part.length);
  }
}
