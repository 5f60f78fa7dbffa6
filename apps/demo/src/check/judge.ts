import type { AllocationRow, Holding, JobRow, Row } from '../cluster/rows.js';
import { isFinished, isOld, isStale, isStuck, isUnreleased } from './rules.js';

/** What the pass was told, and when it ran, in microseconds since 1970. */
export interface PassWindow {
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whether old jobs may be gone. */
  readonly purge: boolean;
}

/** A row that is not as the rules allow. */
export interface Violation {
  readonly table: 'jobs' | 'resource_allocations';
  readonly id: string;
  readonly what: 'changed' | 'missing' | 'new';
}

/**
 * Where jobsweep counts up in MongoDB's jobs when it relies on one, so that whoever changes the job meanwhile gets a
 * conflict.
 */
const FENCE = 'fence';

/** A job as it was before the pass, and what the pass may do to it. */
interface Due {
  readonly was: Holding;
  /** Finished, and still holding something. */
  readonly leaked: boolean;
  readonly stuck: boolean;
  readonly stale: boolean;
  readonly old: boolean;
}

/**
 * Compares a job and its allocations with what they were. A row may have changed only where a rule made it due before
 * the pass ended, only in the columns that the rule names, and only to what the rule writes; rows may be gone only where
 * the pass purges; none may be new.
 */
export function judge(was: Holding, is: Holding, pass: PassWindow): Violation[] {
  const { job, allocations } = was;
  const due: Due = {
    was,
    leaked: isFinished(job) && allocations.some(isUnreleased),
    stuck: isStuck(job, pass.endedAt),
    stale: allocations.some((held) => isStale(held, was, pass.endedAt)),
    old: pass.purge && isOld(job, pass.endedAt),
  };
  return [...judgeJob(due, is, pass), ...judgeAllocations(due, is, pass)];
}

/** Whether a job and its allocations are as they were. */
export function isSame(was: Holding, is: Holding): boolean {
  const held = byId(is.allocations);
  return (
    areEqual(was.job, is.job) &&
    was.allocations.length === held.size &&
    was.allocations.every((each) => areEqual(each, held.get(each.id)))
  );
}

function judgeJob(due: Due, { jobId, job: is, allocations }: Holding, pass: PassWindow): Violation[] {
  const was = due.was.job;
  if (areEqual(was, is)) return [];
  const isPurged = is === undefined && due.old && allocations.length === 0;
  if (isPurged || (was !== undefined && is !== undefined && isWrittenByRule(due, was, is, pass))) return [];
  return [violation('jobs', jobId, was, is)];
}

function isWrittenByRule(due: Due, was: JobRow, is: JobRow, pass: PassWindow): boolean {
  const columns = isFenced(due, was, is) ? [FENCE] : [];
  if (due.leaked && areEqual(was, is, columns)) return true;
  return (
    is.state === 'FAILED' &&
    isWritten(is.endTime, pass) &&
    is.errorMsg !== null &&
    is.errorMsg !== '' &&
    ((due.stale && is.exitCode === '-3:0') || (due.stuck && is.exitCode === '-2:0')) &&
    areEqual(was, is, ['state', 'endTime', 'errorMsg', 'exitCode', ...columns])
  );
}

/** Whether the fence of a job that the pass relied on has gone up. */
function isFenced(due: Due, was: Row, is: Row): boolean {
  const isReliedOn = due.leaked || due.stale || due.stuck;
  return isReliedOn && Number(is[FENCE]) > Number(was[FENCE] ?? 0);
}

function judgeAllocations(due: Due, is: Holding, pass: PassWindow): Violation[] {
  const [before, after] = [byId(due.was.allocations), byId(is.allocations)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const [held, now] = [before.get(id), after.get(id)];
    if (areEqual(held, now)) return [];
    const isPurged = now === undefined && due.old && is.job === undefined;
    if (isPurged || (held !== undefined && now !== undefined && isReleased(due, held, now, is.job, pass))) return [];
    return [violation('resource_allocations', id, held, now)];
  });
}

function isReleased(due: Due, was: AllocationRow, is: AllocationRow, job: JobRow | undefined, pass: PassWindow) {
  const wasFinished = isFinished(due.was.job);
  const wasFailed = job?.state === 'FAILED' && (due.stuck || isStale(was, due.was, pass.endedAt));
  return (
    is.status === 'RELEASED' &&
    isWritten(is.releasedTime, pass) &&
    isUnreleased(was) &&
    (wasFinished || wasFailed) &&
    areEqual(was, is, ['status', 'releasedTime'])
  );
}

const isWritten = (time: number | null, { startedAt, endedAt }: PassWindow) =>
  time !== null && time >= startedAt && time <= endedAt;

const byId = (rows: readonly AllocationRow[]) => new Map(rows.map((row) => [row.id, row]));

/** Whether rows agree in every column but these. */
function areEqual(was: Row | undefined, is: Row | undefined, except: readonly string[] = []): boolean {
  if (was === undefined || is === undefined) return was === is;
  const names = [...Object.keys(was), ...Object.keys(is)];
  return names.every((name) => except.includes(name) || (name in was && name in is && was[name] === is[name]));
}

function violation(table: Violation['table'], id: number, was: Row | undefined, is: Row | undefined): Violation {
  return { table, id: String(id), what: was === undefined ? 'new' : is === undefined ? 'missing' : 'changed' };
}
