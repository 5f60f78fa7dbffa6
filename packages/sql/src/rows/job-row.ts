import { FINISHED_JOB_STATES, type Job, type JobState, type RowVersion, type TimeColumn } from '@jobsweep/core';
import type { Knex } from 'knex';
import { columnRef } from './identifiers.js';
import type { Tables } from './tables.js';
import { sameTime, toDate } from './times.js';

/**
 * What the guards compare of a job, every value as exact text. Aliases are single lower-case words, and stand in
 * the statement as they are: the identifier and result converters that people give to knex do not reach them.
 */
export interface JobVersionRow {
  readonly jid: string;
  readonly jstate: string | null;
  readonly jstart: string | null;
  readonly jend: string | null;
  readonly jname: string | null;
  /** The heartbeat, where filters name one. */
  readonly jage?: string | null;
  /** The horizon of its reservations, where it has a limit of its own and somebody asks. */
  readonly jhorizon?: string | null;
}

/** A job as the database holds it, every value as exact text. */
export interface JobRow extends JobVersionRow {
  readonly jerror?: string | null;
  readonly jexit?: string | null;
}

/** The columns of `JobVersionRow`, of the jobs table under `alias`. */
export function jobVersionColumns(build: Knex, tables: Tables, alias: string): Knex.Raw[] {
  const { dialect } = tables;
  const { id, name, state, startTime, endTime } = tables.schema.jobs.columns;
  const { ageColumn } = tables.filters;
  const time = ({ column, codec }: TimeColumn) => dialect.timeText(build, columnRef(build, alias, column), codec);
  return [
    build.raw('? as jid', [dialect.text(build, columnRef(build, alias, id))]),
    build.raw('? as jstate', [dialect.text(build, columnRef(build, alias, state))]),
    build.raw('? as jstart', [time(startTime)]),
    build.raw('? as jend', [time(endTime)]),
    build.raw('? as jname', [dialect.text(build, columnRef(build, alias, name))]),
    ...(ageColumn === null ? [] : [build.raw('? as jage', [time(ageColumn)])]),
  ];
}

/** The columns of `JobRow`, of the jobs table under `alias`. */
export function jobColumns(build: Knex, tables: Tables, alias: string): Knex.Raw[] {
  const { errorMsg, exitCode } = tables.schema.jobs.columns;
  const text = (column: string | null, key: keyof JobRow) =>
    column === null ? [] : [build.raw(`? as ${key}`, [tables.dialect.text(build, columnRef(build, alias, column))])];
  return [...jobVersionColumns(build, tables, alias), ...text(errorMsg, 'jerror'), ...text(exitCode, 'jexit')];
}

/** The state of a job row; `undefined` for a raw value that nobody mapped. */
export function stateOf({ schema }: Tables, row: JobVersionRow): JobState | undefined {
  return schema.jobs.states.known(row.jstate);
}

/** Whether the state of a job row is a finished one; an unknown state is not. */
export function isFinished(tables: Tables, row: JobVersionRow): boolean {
  const finished: readonly (JobState | undefined)[] = FINISHED_JOB_STATES;
  return finished.includes(stateOf(tables, row));
}

/** The job of a row whose state is known. */
export function toJob({ schema }: Tables, row: JobRow, state: JobState): Job {
  const { startTime, endTime } = schema.jobs.columns;
  const version: RowVersion = {
    state: row.jstate,
    startTime: row.jstart,
    endTime: row.jend,
    ...(row.jage !== undefined && { ageTime: row.jage }),
  };
  return {
    id: row.jid,
    name: row.jname ?? '',
    state,
    startTime: toDate(row.jstart, startTime),
    endTime: toDate(row.jend, endTime),
    errorMsg: row.jerror ?? null,
    exitCode: row.jexit ?? null,
    version,
  };
}

/** Whether the job is still in the run it was read in: a job that was queued again has another start time. */
export function sameRun({ schema }: Tables, given: Job, now: JobVersionRow): boolean {
  const { startTime } = schema.jobs.columns;
  return sameTime({ exact: given.version?.startTime, date: given.startTime }, now.jstart, startTime);
}

/** Whether the job has given no sign of life since it was read. A job made by hand does not tell its heartbeat. */
export function sameHeartbeat(given: Job, now: JobVersionRow): boolean {
  return given.version?.ageTime === undefined || given.version.ageTime === now.jage;
}

/** Whether nothing that the rules look at changed since the job was read. */
export function sameJob(tables: Tables, given: Job, now: JobVersionRow): boolean {
  const { endTime } = tables.schema.jobs.columns;
  const sameState =
    given.version === undefined ? given.state === stateOf(tables, now) : given.version.state === now.jstate;
  const sameEnd = sameTime({ exact: given.version?.endTime, date: given.endTime }, now.jend, endTime);
  return sameState && sameEnd && sameRun(tables, given, now);
}
