import type { Job, JobState, ResourceAllocation, ResourceStatus, RowVersion } from '@jobsweep/core';

// Every value is read as text: exact whatever parsers the user gave to `pg`, beyond 2^53 and below a millisecond.

/** A time as ISO 8601 in UTC with microseconds; `infinity`, which has no such form, as it is. */
export const timeText = (time: string): string =>
  `coalesce(to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ${time}::text)`;

/** A text that is only shown: the database sends as much of it as anybody reads. */
const shown = (text: string): string =>
  `case when length(${text}) > 200 then left(${text}, 200) || '…' else ${text} end`;

export const JOB_COLUMNS = `
  j.id::text as jid, ${shown('j.name')} as jname, j.state as jstate, ${timeText('j.start_time')} as jstart,
  ${timeText('j.end_time')} as jend, ${shown('j.error_msg')} as jerror, j.exit_code as jexit`;

export const ALLOCATION_COLUMNS = `
  a.id::text as aid, a.job_id::text as ajob, a.status as astatus, ${timeText('a.allocation_time')} as atime,
  ${timeText('a.released_time')} as areleased`;

export interface JobRow {
  readonly jid: string;
  readonly jname: string | null;
  readonly jstate: JobState;
  readonly jstart: string | null;
  readonly jend: string | null;
  readonly jerror: string | null;
  readonly jexit: string | null;
}

export interface AllocationRow {
  readonly aid: string;
  readonly ajob: string;
  readonly astatus: ResourceStatus;
  readonly atime: string | null;
  readonly areleased: string | null;
  readonly horizon?: string | null;
}

export function toJob(row: JobRow): Job {
  return {
    id: row.jid,
    name: row.jname ?? '',
    state: row.jstate,
    startTime: toDate(row.jstart),
    endTime: toDate(row.jend),
    errorMsg: row.jerror,
    exitCode: row.jexit,
    version: { startTime: row.jstart, endTime: row.jend },
  };
}

export function toAllocation(row: AllocationRow): ResourceAllocation {
  return {
    id: row.aid,
    jobId: row.ajob,
    status: row.astatus,
    allocationTime: toDate(row.atime),
    releasedTime: toDate(row.areleased),
    version: { allocationTime: row.atime, horizon: row.horizon ?? null },
  };
}

/** `null` also for what no `Date` can hold. Microseconds are cut, so that no time is later than it is. */
export function toDate(text: string | null): Date | null {
  const millis = text === null ? Number.NaN : Date.parse(text.replace(/\d{3}Z$/, 'Z'));
  return Number.isNaN(millis) ? null : new Date(millis);
}

type Timed<Name extends string> = { readonly [name in Name]: Date | null } & { readonly version?: RowVersion };

/** A time to the microsecond, where the row still has its version. */
export function exactTime<Name extends string>(row: Timed<Name>, name: Name): string | null {
  return row.version?.[name] ?? row[name]?.toISOString() ?? null;
}

/**
 * The times that a guard accepts, as a `tstzrange`: the one of the row's version or, of a row made by hand, the whole
 * millisecond of its `Date`. `null` accepts NULL alone.
 */
export function acceptedTimes<Name extends string>(row: Timed<Name>, name: Name): string | null {
  const from = exactTime(row, name);
  if (from === null) return null;
  const to = row.version === undefined ? from.replace('Z', '999Z') : from;
  return `[${from},${to}]`;
}

/** Whether a time is one that its guard accepts. */
export const isAccepted = (time: string, accepted: string): string =>
  `(${time} <@ ${accepted} or (${time} is null and ${accepted} is null))`;
