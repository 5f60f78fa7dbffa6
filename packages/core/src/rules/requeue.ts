import { secondsToMicros } from '../driver/exact.js';
import type { Row, Write } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { invalidOption, rejectUnknown } from '../errors.js';
import { isKeptAs, type TimeColumn, timeColumn } from '../schema/time-column.js';
import type { StrategyName } from '../strategies/names.js';
import type { RequeueOption } from '../strategies/requeue.js';
import type { Rule } from '../strategies/rule.js';
import type { Mapped } from './mapped.js';
import type { Values } from './values.js';

const MAX_TRIES = 1000;
const MAX_SECONDS = 1_000_000;

/** A column of the jobs that is written as they are given back. */
export interface RequeueColumn {
  /** The option that names it; `null`: what is said of PENDING in the mapping. */
  readonly option: 'triesColumn' | 'runAfterColumn' | null;
  readonly column: string;
  /** Absent: it is none. */
  readonly time?: TimeColumn;
  /** Whether what it held counts. */
  readonly isRead: boolean;
}

/** Jobs that were begun, or such that wait for their first start. */
export type RequeuedJobs = 'begun' | 'waiting';

/** How a rule gives jobs back; `undefined`: it does not. Throws as `Requeue` does. */
export function requeueOf(mapped: Mapped, rule: StrategyName | Rule): Requeue | undefined {
  if (typeof rule === 'string' || !('requeue' in rule) || rule.requeue === undefined) return undefined;
  return new Requeue(rule.requeue, mapped, rule.name === 'waiting_job_cleanup' ? 'waiting' : 'begun');
}

/** How jobs are given back, with nothing left open. */
export class Requeue {
  /** The jobs, with the time that is written besides. */
  readonly table: Table;
  /** All that is written. */
  readonly written: readonly RequeueColumn[];
  private readonly runAfter: string | null;
  private readonly runAfterSeconds: number;
  private readonly maxTries: number;
  /** `null`: nobody counts. */
  private readonly triesColumn: string | null;

  /** Throws `INVALID_OPTION` for what makes no sense, or is not safe with what is mapped. */
  constructor(option: RequeueOption, { jobs, filters }: Mapped, of: RequeuedJobs) {
    rejectUnknown('requeue', option, ['state', 'triesColumn', 'maxTries', 'runAfterColumn', 'runAfterSeconds']);
    const { state = 'PENDING', triesColumn, maxTries, runAfterColumn, runAfterSeconds = 0 } = option;
    const refuse = (name: string, value: unknown, fix: string) => invalidOption(`requeue.${name}`, value, fix);
    // Whoever writes no TypeScript may give another one.
    if ((state as string) !== 'PENDING') throw refuse('state', state, 'use PENDING');
    if (triesColumn !== undefined && (typeof triesColumn !== 'string' || triesColumn === ''))
      throw refuse('triesColumn', triesColumn, 'name the column that counts how often a job was given back');
    if (maxTries !== undefined && (!Number.isInteger(maxTries) || maxTries < 1 || maxTries > MAX_TRIES))
      throw refuse('maxTries', maxTries, `give a whole number from 1 to ${MAX_TRIES}`);
    if (maxTries !== undefined && triesColumn === undefined)
      throw refuse('maxTries', maxTries, 'name the column that counts them in triesColumn');
    if (triesColumn === undefined && !jobs.states.saysWhatIsSet('PENDING')) {
      const fix =
        'name the column that workers compare when they finish, or say in schema.jobs.states.PENDING.set what changes';
      throw refuse('triesColumn', triesColumn, fix);
    }
    if (!(runAfterSeconds >= 0 && runAfterSeconds <= MAX_SECONDS))
      throw refuse('runAfterSeconds', runAfterSeconds, `give a number from 0 to ${MAX_SECONDS}`);
    if (runAfterColumn === undefined && runAfterSeconds > 0)
      throw refuse('runAfterSeconds', runAfterSeconds, 'name the column for it in runAfterColumn');
    const { createdTime, startTime } = jobs.columns;
    const set = jobs.states.set('PENDING');
    const time =
      runAfterColumn === undefined
        ? undefined
        : timeColumn('requeue.runAfterColumn', runAfterColumn, '', jobs.states.place.codec);
    const isQueuedThen = createdTime !== null && time?.column === createdTime.column;
    if (of === 'begun' && !hasSign(jobs, filters)) {
      const fix = 'name a sign of life in filters.ageColumn, or rows that protect a job in filters.exclude: { exists }';
      throw refuse('state', state, `${fix}: a job that still runs would run twice`);
    }
    if (!jobs.states.canWrite('PENDING') || (of === 'begun' && !jobs.states.isLeft('RUNNING', 'PENDING')))
      throw refuse('state', state, 'say in schema.jobs.states.PENDING.set what tells it from RUNNING');
    const queued = createdTime?.column ?? 'the column of createdTime';
    if (createdTime !== null && startTime.column in set && !isQueuedThen && !(queued in set)) {
      const fix = `write ${queued} in schema.jobs.states.PENDING.set too, { now: true } say`;
      throw refuse('state', state, `${fix}: without a start it would seem to wait since it was queued first`);
    }
    if (of === 'waiting' && !isQueuedThen && !('now' in (set[queued] ?? {}))) {
      const fix = `write ${queued} as { now: true } in schema.jobs.states.PENDING.set, or name it in requeue.runAfterColumn`;
      throw refuse(
        'state',
        state,
        `${fix}: else the job has waited for too long already, and fails with its next turns`,
      );
    }
    if (time !== undefined && isQueuedThen && !isKeptAs(time, createdTime))
      throw refuse('runAfterColumn', runAfterColumn, 'give it as schema.jobs.columns.createdTime has it');
    const taken = mappedColumns(jobs, filters);
    const isTaken = { triesColumn: [...taken, ...(createdTime === null ? [] : [queued])], runAfterColumn: taken };
    for (const [name, column] of [
      ['triesColumn', triesColumn],
      ['runAfterColumn', time?.column],
    ] as const)
      if (column !== undefined && isTaken[name].includes(column))
        throw refuse(name, column, 'name a column that is mapped to nothing else');
    this.table =
      time === undefined ? jobs.rows : { ...jobs.rows, times: new Map([...jobs.rows.times, [time.column, time]]) };
    this.runAfter = time?.column ?? null;
    this.runAfterSeconds = runAfterSeconds;
    this.maxTries = maxTries ?? 3;
    this.triesColumn = triesColumn ?? null;
    this.written = [
      ...Object.entries(set).map(([column, value]) => ({ option: null, column, isRead: 'increment' in value })),
      ...(triesColumn === undefined ? [] : [{ option: 'triesColumn', column: triesColumn, isRead: true } as const]),
      ...(time === undefined ? [] : [{ option: 'runAfterColumn', column: time.column, time, isRead: false } as const]),
    ];
  }

  /** What is asked of a job besides. */
  get columns(): readonly string[] {
    return this.triesColumn === null ? [] : [this.triesColumn];
  }

  /** Whether a job may be given back once more. One whose count is no number has no tries left. */
  hasTries(job: Row, values: Values): boolean {
    if (this.triesColumn === null) return true;
    return Number(values.shown(job.columns[this.triesColumn] ?? null)) < this.maxTries;
  }

  /** What is written besides the state, and into which jobs: databases count nothing up from NULL. */
  writes(
    now: bigint,
    jobs: readonly Row[],
  ): readonly { readonly jobs: readonly Row[]; readonly set: Record<string, Write> }[] {
    const { triesColumn: tries, runAfter } = this;
    const set = runAfter === null ? {} : { [runAfter]: { time: now + secondsToMicros(this.runAfterSeconds) } };
    if (tries === null) return [{ jobs, set }];
    const isCounted = ({ columns }: Row) => (columns[tries] ?? null) !== null;
    return [
      { jobs: jobs.filter(isCounted), set: { ...set, [tries]: { increment: 1 } } },
      { jobs: jobs.filter((job) => !isCounted(job)), set: { ...set, [tries]: { value: 1 } } },
    ];
  }
}

/** Whether something tells that a job lives, besides that it was begun: any job that it protects, and not one of some name alone. */
function hasSign({ columns, rows }: Mapped['jobs'], { ageColumn, sign, exclude }: Mapped['filters']): boolean {
  if (sign !== null || (ageColumn !== null && ageColumn.column !== columns.startTime.column)) return true;
  const alternatives = 'any' in exclude ? exclude.any : [exclude];
  return alternatives.some((each) => 'exists' in each && each.exists.to.name !== rows.name);
}

function mappedColumns(
  { columns, states }: Mapped['jobs'],
  { ageColumn, ageFrom }: Mapped['filters'],
): readonly string[] {
  const { id, name, startTime, endTime, errorMsg, exitCode } = columns;
  const times = [startTime, ...endTime, ageColumn, ageFrom].flatMap((time) => time?.column ?? []);
  return [...id, name, ...states.columns, ...times, ...[errorMsg, exitCode].filter((column) => column !== null)];
}
