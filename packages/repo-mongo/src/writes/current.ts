import type { AllocationWithJob, Job, ResourceAllocation } from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { allocationRows, ownAllocations } from '../reads/allocation-rows.js';
import { all, type Condition } from '../reads/conditions.js';
import { jobFilters } from '../reads/filters.js';
import { type AgeRule, isOverOwnLimit, timeOf } from '../reads/limits.js';
import type { AllocationRow } from '../rows/allocation-row.js';
import { type JobRow, jobFields } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import { type Bson, exactText } from '../values/bson.js';
import { idText, type RowRef, rawIds } from '../values/ids.js';

/** Rows as they are now, to be found by those who were given them. */
export class Current<Row> {
  private readonly byExactId = new Map<string | null, Row>();
  private readonly byId = new Map<string, Row[]>();

  constructor(
    private readonly bson: Bson,
    readonly rows: readonly Row[],
    idOf: (row: Row) => unknown,
  ) {
    for (const row of rows) {
      this.byExactId.set(exactText(bson, idOf(row)), row);
      const id = idText(bson, idOf(row));
      this.byId.set(id, [...(this.byId.get(id) ?? []), row]);
    }
  }

  /** The row; nothing where it is gone, or where a row made by hand could be one of two. */
  of({ id, exact }: RowRef): Row | undefined {
    if (exact != null) return this.byExactId.get(exact);
    const [row, ...more] = this.byId.get(id) ?? [];
    return more.length === 0 ? row : undefined;
  }

  /** The row with a raw id. */
  withId(raw: unknown): Row | undefined {
    return this.byExactId.get(exactText(this.bson, raw));
  }
}

export const jobRef = ({ id, version }: Job): RowRef => ({ id, exact: version?.id });
export const allocationRef = ({ id, version }: ResourceAllocation): RowRef => ({ id, exact: version?.id });
export const jobRefOf = ({ jobId, version }: AllocationWithJob): RowRef => ({ id: jobId, exact: version?.jobId });

/**
 * What a write asks of jobs beside their state: that they pass the filters and are over their own limits. The age of a
 * reservation is none of the job's.
 */
export function jobGuard(session: OpenSession, mapping: Mapping, rule?: AgeRule): Condition {
  if (rule === undefined || rule === 'staleReservationMinutes') return jobFilters(mapping);
  const place = { job: '', time: timeOf(mapping, rule).column };
  return all(jobFilters(mapping), isOverOwnLimit(mapping, rule, place, session.nowMs));
}

/** Jobs as they are now: those that are still there and pass the guard. */
export async function currentJobs(
  session: OpenSession,
  mapping: Mapping,
  refs: readonly RowRef[],
  rule?: AgeRule,
): Promise<Current<JobRow>> {
  const { collection, fields, idType } = mapping.jobs;
  const among = isOneOf(
    mapping.bson,
    fields.id,
    refs.flatMap((ref) => rawIds(mapping.bson, idType, ref)),
  );
  const rows = await session.rows<JobRow>(collection, [
    { $match: all(among, jobGuard(session, mapping, rule)) },
    { $project: { _id: 0, ...jobFields(mapping) } },
  ]);
  return new Current(mapping.bson, rows, ({ jid }) => jid);
}

/** Allocations as they are now: those that are still there. */
export async function currentAllocations(
  session: OpenSession,
  mapping: Mapping,
  refs: readonly RowRef[],
): Promise<Current<AllocationRow>> {
  const { collection, fields, idType } = allocationsOf(mapping);
  const among = isOneOf(
    mapping.bson,
    fields.id,
    refs.flatMap((ref) => rawIds(mapping.bson, idType, ref)),
  );
  const rows = await session.rows<AllocationRow>(
    collection,
    allocationRows(mapping, all(among, ownAllocations(mapping))),
  );
  return new Current(mapping.bson, rows, ({ aid }) => aid);
}

/** The allocations of jobs that meet a condition, as they are now. */
export function allocationsOfJobs(
  session: OpenSession,
  mapping: Mapping,
  jobs: readonly JobRow[],
  condition: Condition,
): Promise<AllocationRow[]> {
  if (jobs.length === 0) return Promise.resolve([]);
  const ofJobs = { [allocationsOf(mapping).fields.jobId]: { $in: jobs.map(({ jid }) => jid) } };
  return session.rows(allocationsOf(mapping).collection, allocationRows(mapping, all(ofJobs, condition)));
}

/** Whether a field has one of these raw ids, each named once. */
function isOneOf(bson: Bson, field: string, raw: readonly unknown[]): Condition {
  return { [field]: { $in: [...new Map(raw.map((id) => [exactText(bson, id), id])).values()] } };
}
