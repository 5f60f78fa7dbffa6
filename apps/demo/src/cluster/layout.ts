import type { SwfRecord } from '../swf/record.js';
import type { Rows } from './database.js';
import type { AllocationRow, JobRow } from './rows.js';
import type { StagedLog } from './staged-log.js';
import { MICROS_PER_SECOND } from './times.js';

/** Between the last end of one repetition and the first submit of the next. */
const GAP_SECONDS = 60;

/** Repetitions of a long log move closer together rather than before the time that databases know. */
const MAX_SPAN_SECONDS = 200 * 365 * 86_400;

/** Exit codes in Slurm's notation, `code:signal`. */
const EXIT_CODES = { COMPLETED: '0:0', FAILED: '1:0', CANCELLED: '0:15' } as const satisfies Record<
  SwfRecord['state'],
  string
>;

const NODES = 128;

/** The node that an allocation is on. */
export const nodeOf = (id: number): string => `node-${String(id % NODES).padStart(3, '0')}`;

/**
 * Makes `jobs` jobs and their released allocations out of a log, in the order of time, at most `chunk` at once. The log
 * is repeated as often as it takes, and moved so that it ends at `endsAt`; the earliest repetition may be its tail
 * only. Without repetition jobs keep the log's ids.
 */
export function* layOut(log: StagedLog, jobs: number, endsAt: number, chunk: number): Generator<Rows> {
  const apartSeconds = repetitionSeconds(log, jobs);
  for (let from = 0; from < jobs; from += chunk) {
    const rows = { jobs: [] as JobRow[], allocations: [] as AllocationRow[] };
    for (let number = from; number < Math.min(jobs, from + chunk); number++) {
      const fromEnd = jobs - 1 - number;
      const record = log.at(log.jobs - 1 - (fromEnd % log.jobs));
      const shiftSeconds = -log.lastEndSeconds - apartSeconds * Math.floor(fromEnd / log.jobs);
      const timeOf = (seconds: number) => endsAt + Math.round((seconds + shiftSeconds) * MICROS_PER_SECOND);
      const job = jobOf(record, jobs === log.jobs ? record.id : number + 1, timeOf);
      rows.jobs.push(job);
      rows.allocations.push(releasedBy(job));
    }
    yield rows;
  }
}

function jobOf(record: SwfRecord, id: number, timeOf: (seconds: number) => number): JobRow {
  return {
    id,
    name: record.executable === null ? `job-${record.id}` : `app-${record.executable}`,
    state: record.state,
    submitTime: timeOf(record.submitSeconds),
    startTime: timeOf(record.startSeconds),
    endTime: timeOf(record.endSeconds),
    errorMsg: null,
    exitCode: EXIT_CODES[record.state],
    processors: record.processors,
    userId: record.userId,
    queue: record.queue,
  };
}

function releasedBy({ id, startTime, endTime }: JobRow): AllocationRow {
  return { id, jobId: id, status: 'RELEASED', allocationTime: startTime, releasedTime: endTime, node: nodeOf(id) };
}

function repetitionSeconds(log: StagedLog, jobs: number): number {
  const repetitions = Math.ceil(jobs / log.jobs);
  const lengthSeconds = log.lastEndSeconds - log.firstSubmitSeconds + GAP_SECONDS;
  return Math.min(lengthSeconds, MAX_SPAN_SECONDS / repetitions);
}
