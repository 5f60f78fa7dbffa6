import {
  type AllocationWithJob,
  type CountOptions,
  DEFAULT_BATCH_ROWS,
  type GetOptions,
  paged,
  requireRows,
  throwIfAborted,
} from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { type AllocationRow, statusOf, toAllocation } from '../rows/allocation-row.js';
import { type JobRow, nameOf, stateOf, toJob } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import { exactText } from '../values/bson.js';
import { type RawTime, rawHorizon, toDate } from '../values/times.js';
import { allocationRows } from './allocation-rows.js';
import { all, isNoneOf } from './conditions.js';
import { cursorAfter } from './cursor.js';
import { ownReservationLimitMs } from './limits.js';
import type { Cursor, Order } from './order.js';
import { reservations, withJobFields } from './rules.js';

type Row = AllocationRow & JobRow;

/** Stale reservations with their jobs and the horizon they are judged by, by (allocation time, id). */
export function readStale(
  session: OpenSession,
  mapping: Mapping,
  maxAgeMs: number,
  options?: GetOptions<AllocationWithJob>,
): Promise<AllocationWithJob[]> {
  return paged(async (limit, last) => {
    const after = last && (await cursorAfter(session, mapping, allocationsOf(mapping), last));
    const rows = await staleRows(session, mapping, maxAgeMs, limit, after, options?.signal);
    return rows.flatMap((row) => {
      const status = statusOf(mapping, row);
      const state = stateOf(mapping, row);
      if (status === undefined || state === undefined) return [];
      const horizon = horizonOf(session, mapping, row, maxAgeMs);
      return [{ ...toAllocation(mapping, { ...row, horizon }, status), job: toJob(mapping, row, state) }];
    });
  }, options);
}

/** Counts stale reservations, up to `atMost`. */
export async function countStale(
  session: OpenSession,
  mapping: Mapping,
  maxAgeMs: number,
  { atMost, signal }: CountOptions = {},
): Promise<number> {
  throwIfAborted(signal);
  requireRows('atMost', atMost);
  const most = atMost ?? Number.POSITIVE_INFINITY;
  let count = 0;
  let after: Cursor | undefined;
  for (;;) {
    const limit = Math.min(DEFAULT_BATCH_ROWS, most - count);
    const rows = await staleRows(session, mapping, maxAgeMs, limit, after, signal);
    count += rows.length;
    const last = rows.at(-1);
    if (rows.length < limit || count >= most || last === undefined) return count;
    after = { id: last.aid, time: last.atime };
  }
}

/** One page of them: reads on until the page is full, past those whose siblings keep their job alive. */
async function staleRows(
  session: OpenSession,
  mapping: Mapping,
  maxAgeMs: number,
  limit: number,
  begin: Cursor | undefined,
  signal: AbortSignal | undefined,
): Promise<Row[]> {
  const { collection, fields, idType } = allocationsOf(mapping);
  const order: Order = { idField: fields.id, idType, timeField: fields.allocationTime.column };
  const due: Row[] = [];
  for (let after = begin; ; ) {
    const rule = reservations(mapping, session.nowMs, maxAgeMs, { order, after });
    const candidates = await session.rows<Row>(collection, [...rule, { $limit: limit }, withJobFields(mapping)]);
    const alive = await jobsAlive(session, mapping, maxAgeMs, candidates);
    due.push(...candidates.filter(({ ajob }) => !alive.has(exactText(mapping.bson, ajob))));
    const last = candidates.at(-1);
    if (candidates.length < limit || due.length >= limit || last === undefined) return due.slice(0, limit);
    after = { id: last.aid, time: last.atime };
    throwIfAborted(signal);
  }
}

/**
 * The exact ids of jobs that some allocation keeps alive: one that is ALLOCATED, of a status that nobody mapped, or
 * RESERVED and not yet stale, which a reservation without a time never is.
 */
async function jobsAlive(
  session: OpenSession,
  mapping: Mapping,
  maxAgeMs: number,
  candidates: readonly Row[],
): Promise<ReadonlySet<string | null>> {
  const { bson } = mapping;
  const { collection, fields, statuses } = allocationsOf(mapping);
  const alive = new Set<string | null>();
  const jobs = new Map(candidates.map((row) => [exactText(bson, row.jid), row]));
  if (jobs.size === 0) return alive;
  const ofJobs = { [fields.jobId]: { $in: [...jobs.values()].map(({ jid }) => jid) } };
  const held = allocationRows(mapping, all(ofJobs, isNoneOf(fields.status, statuses.rawOf('RELEASED'))));
  for await (const part of session.parts<AllocationRow>(collection, held, DEFAULT_BATCH_ROWS)) {
    for (const row of part) {
      const key = exactText(bson, row.ajob);
      const job = jobs.get(key);
      if (job !== undefined && !isBeforeHorizon(mapping, row, horizonOf(session, mapping, job, maxAgeMs)))
        alive.add(key);
    }
  }
  return alive;
}

/** Whether an allocation is a reservation before a horizon. */
export function isBeforeHorizon(mapping: Mapping, allocation: AllocationRow, horizon: RawTime): boolean {
  if (statusOf(mapping, allocation) !== 'RESERVED') return false;
  const isDated = toDate(allocation.atime, allocationsOf(mapping).fields.allocationTime) !== null;
  return isDated && Number(allocation.atime) < Number(horizon);
}

/** The horizon of a job's reservations: that of its own limit, or the strategy's. */
function horizonOf(session: OpenSession, mapping: Mapping, job: JobRow, maxAgeMs: number): RawTime {
  const age = ownReservationLimitMs(mapping, nameOf(job)) ?? maxAgeMs;
  return rawHorizon(session.nowMs - age, allocationsOf(mapping).fields.allocationTime.codec);
}
