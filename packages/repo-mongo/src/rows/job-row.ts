import {
  FINISHED_JOB_STATES,
  type Job,
  type JobState,
  type RawState,
  type RowVersion,
  type StateCodec,
} from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Mapping } from '../mapping/mapping.js';
import { exactText } from '../values/bson.js';
import { idText } from '../values/ids.js';
import { toDate } from '../values/times.js';
import { sameTime } from './same-time.js';

/** A job as the database holds it, under names of ours. A field that is missing is missing here. */
export interface JobRow {
  readonly jid: unknown;
  readonly jname?: unknown;
  readonly jstate?: unknown;
  readonly jstart?: unknown;
  readonly jend?: unknown;
  readonly jerror?: unknown;
  readonly jexit?: unknown;
  /** The heartbeat, where filters name one. */
  readonly jage?: unknown;
}

/** The fields of `JobRow`, for `$project`. */
export function jobFields({ filters, jobs }: Mapping, at = ''): mongo.Document {
  const { id, name, state, startTime, endTime, errorMsg, exitCode } = jobs.fields;
  return {
    jid: `$${at}${id}`,
    jname: `$${at}${name}`,
    jstate: `$${at}${state}`,
    jstart: `$${at}${startTime.column}`,
    jend: `$${at}${endTime.column}`,
    ...(errorMsg !== null && { jerror: `$${at}${errorMsg}` }),
    ...(exitCode !== null && { jexit: `$${at}${exitCode}` }),
    ...(filters.ageColumn !== null && { jage: `$${at}${filters.ageColumn.column}` }),
  };
}

/** The known state of a raw value, compared exactly: to MongoDB the text `1` is not the number. */
export function knownState<State extends string>(codec: StateCodec<State>, raw: unknown): State | undefined {
  if (typeof raw !== 'string' && typeof raw !== 'number') return undefined;
  const state = codec.known(raw);
  const values: readonly RawState[] = state === undefined ? [] : codec.rawOf(state);
  return values.includes(raw) ? state : undefined;
}

/** The state of a job row; `undefined` for a raw value that nobody mapped. */
export function stateOf({ jobs }: Mapping, row: JobRow): JobState | undefined {
  return knownState(jobs.states, row.jstate);
}

/** Whether the state of a job row is a finished one; an unknown state is not. */
export function isFinished(mapping: Mapping, row: JobRow): boolean {
  const finished: readonly (JobState | undefined)[] = FINISHED_JOB_STATES;
  return finished.includes(stateOf(mapping, row));
}

/** The name of a job row. */
export function nameOf(row: JobRow): string {
  return text(row.jname) ?? '';
}

/** The job of a row whose state is known. */
export function toJob({ bson, filters, jobs }: Mapping, row: JobRow, state: JobState): Job {
  const { startTime, endTime } = jobs.fields;
  const version: RowVersion = {
    id: exactText(bson, row.jid),
    state: exactText(bson, row.jstate),
    startTime: exactText(bson, row.jstart),
    endTime: exactText(bson, row.jend),
    ...(filters.ageColumn !== null && { ageTime: exactText(bson, row.jage) }),
  };
  return {
    id: idText(bson, row.jid),
    name: nameOf(row),
    state,
    startTime: toDate(row.jstart, startTime),
    endTime: toDate(row.jend, endTime),
    errorMsg: text(row.jerror),
    exitCode: text(row.jexit),
    version,
  };
}

/** Whether the job is still in the run it was read in: a job that was queued again has another start time. */
export function sameRun(mapping: Mapping, given: Job, now: JobRow): boolean {
  const { startTime } = mapping.jobs.fields;
  return sameTime(mapping, { exact: given.version?.startTime, date: given.startTime }, now.jstart, startTime);
}

/** Whether the job has given no sign of life since it was read. A job made by hand does not tell its heartbeat. */
export function sameHeartbeat({ bson }: Mapping, given: Job, now: JobRow): boolean {
  return given.version?.ageTime === undefined || given.version.ageTime === exactText(bson, now.jage);
}

/** Whether nothing that the rules look at changed since the job was read. */
export function sameJob(mapping: Mapping, given: Job, now: JobRow): boolean {
  const { version } = given;
  const sameState =
    version === undefined
      ? given.state === stateOf(mapping, now)
      : version.state === exactText(mapping.bson, now.jstate);
  const sameEnd = sameTime(
    mapping,
    { exact: version?.endTime, date: given.endTime },
    now.jend,
    mapping.jobs.fields.endTime,
  );
  return sameState && sameEnd && sameRun(mapping, given, now);
}

/** A field that people read. */
function text(raw: unknown): string | null {
  if (raw === undefined || raw === null) return null;
  return typeof raw === 'string' ? raw : JSON.stringify(raw);
}
