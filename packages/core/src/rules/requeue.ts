import { linksIn } from '../driver/condition.js';
import { secondsToMicros } from '../driver/exact.js';
import type { Row, Write } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { invalidOption, rejectUnknown } from '../errors.js';
import { timeColumn } from '../schema/time-column.js';
import type { RequeueOption } from '../strategies/requeue.js';
import type { Mapped } from './mapped.js';
import type { Values } from './values.js';

const MAX_TRIES = 1000;
const MAX_SECONDS = 1_000_000;

/** How jobs are given back, with nothing left open. */
export class Requeue {
  /** The jobs, with the time that is written besides. */
  readonly table: Table;
  private readonly runAfter: string | null;
  private readonly runAfterSeconds: number;
  private readonly maxTries: number;

  /** Throws `INVALID_OPTION` for what makes no sense, or is not safe with what is mapped. */
  constructor(
    private readonly option: RequeueOption,
    { jobs, filters }: Mapped,
  ) {
    rejectUnknown('requeue', option, ['state', 'triesColumn', 'maxTries', 'runAfterColumn', 'runAfterSeconds']);
    const { state = 'PENDING', triesColumn, maxTries = 3, runAfterColumn, runAfterSeconds = 0 } = option;
    const refuse = (name: string, value: unknown, fix: string) => invalidOption(`requeue.${name}`, value, fix);
    if (state !== 'PENDING') throw refuse('state', state, 'use PENDING');
    if (typeof triesColumn !== 'string' || triesColumn === '')
      throw refuse('triesColumn', triesColumn, 'name the column that counts how often a job was given back');
    if (!Number.isInteger(maxTries) || maxTries < 1 || maxTries > MAX_TRIES)
      throw refuse('maxTries', maxTries, `give a whole number from 1 to ${MAX_TRIES}`);
    if (!(runAfterSeconds >= 0 && runAfterSeconds <= MAX_SECONDS))
      throw refuse('runAfterSeconds', runAfterSeconds, `give a number from 0 to ${MAX_SECONDS}`);
    if (runAfterColumn === undefined && runAfterSeconds > 0)
      throw refuse('runAfterSeconds', runAfterSeconds, 'name the column for it in runAfterColumn');
    if (filters.ageColumn === null && filters.sign === null && linksIn(filters.exclude).length === 0) {
      const fix = 'name a sign of life in filters.ageColumn, or rows that protect a job in filters.exclude: { exists }';
      throw refuse('triesColumn', triesColumn, `${fix}: a job that still runs would run twice`);
    }
    if (!jobs.states.canWrite('PENDING') || !jobs.states.isLeft('RUNNING', 'PENDING'))
      throw refuse('state', state, 'say in schema.jobs.states.PENDING.set what tells it from RUNNING');
    const time =
      runAfterColumn === undefined ? undefined : timeColumn('requeue.runAfterColumn', runAfterColumn, '', 'instant');
    this.table =
      time === undefined ? jobs.rows : { ...jobs.rows, times: new Map([...jobs.rows.times, [time.column, time]]) };
    this.runAfter = time?.column ?? null;
    this.runAfterSeconds = runAfterSeconds;
    this.maxTries = maxTries;
  }

  get triesColumn(): string {
    return this.option.triesColumn;
  }

  /** Whether a job may be given back once more. One whose count is no number has no tries left. */
  hasTries(job: Row, values: Values): boolean {
    return Number(values.shown(job.columns[this.triesColumn] ?? null)) < this.maxTries;
  }

  /** What is written besides the state. Databases count nothing up from NULL. */
  writes(now: bigint, isCounted: boolean): Record<string, Write> {
    const tries: Write = isCounted ? { increment: 1 } : { value: 1 };
    const after = now + secondsToMicros(this.runAfterSeconds);
    return { [this.triesColumn]: tries, ...(this.runAfter !== null && { [this.runAfter]: { time: after } }) };
  }
}
