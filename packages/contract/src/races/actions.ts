import type { Change, Columns, Insertion } from '../cluster.js';
import { type AllocationNow, type Snapshot, withAllocation, withJob, withoutJob, written } from './snapshot.js';

/** A row as the tables below name it: `job 1`, `allocation 11`. */
export type RowName = `${'job' | 'allocation'} ${string}`;

/** Something that the rest of the cluster does to job 1, whose allocations are 11 and, released already, 12. */
export interface Action {
  readonly what: string;
  /** What it does, given the smallest step between two times, in microseconds. */
  readonly does: (precisionMicros: number) => readonly (Change | Insertion)[];
  /** The rows it locks. With a foreign key, whoever points an allocation at a job locks that job's key. */
  readonly locks: readonly RowName[];
  /** The job that it touches besides where rows are not locked, because it makes an allocation of it a live one. */
  readonly fences?: RowName;
  /** What it makes of the tables; `refused` where the foreign key forbids it. */
  readonly makes: (now: Snapshot) => Snapshot | 'refused';
}

const ofJob = (columns: Columns, where: Columns = {}, unless: Columns = {}): Change => ({
  table: 'jobs',
  where: { id: '1', ...where },
  unless,
  set: columns,
});
const ofAllocation = (id: string, columns: Columns, where: Columns = {}, unless: Columns = {}): Change => ({
  table: 'allocations',
  where: { id, ...where },
  unless,
  set: columns,
});

const NEVER_RAN = { endTime: null, errorMsg: null, exitCode: null };
const RESERVED_NOW = { status: 'RESERVED', allocationTime: 'now', releasedTime: null };
const queuedAgain = { state: 'PENDING', start: null, end: null, error: null, exit: null } as const;

function withSibling(now: Snapshot, id: string, status: string): Snapshot | 'refused' {
  if (now.jobs['1'] === undefined) return 'refused';
  const sibling: AllocationNow = { job: '1', status, since: 'new', released: null };
  return { ...now, allocations: { ...now.allocations, [id]: sibling } };
}

const insertSibling = (id: string, status: string): Insertion => ({
  table: 'allocations',
  insert: { id, jobId: '1', status, allocationTime: 'now' },
});

export const actions: readonly Action[] = [
  {
    what: 'the job finishes',
    // What a worker does when it is done: only the run that it works for.
    does: (precision) => [
      ofJob({ state: 'COMPLETED', endTime: 'now' }, { state: 'RUNNING', startTime: written('old', precision) }),
    ],
    locks: ['job 1'],
    makes: (now) => {
      const isSameRun = now.jobs['1']?.state === 'RUNNING' && now.jobs['1'].start === 'old';
      return isSameRun ? withJob(now, '1', { state: 'COMPLETED', end: 'new' }) : now;
    },
  },
  {
    what: 'the job is queued again',
    does: () => [ofJob({ state: 'PENDING', startTime: null, ...NEVER_RAN })],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', queuedAgain),
  },
  {
    what: 'the job is queued again and keeps its start time',
    does: () => [ofJob({ state: 'PENDING', ...NEVER_RAN })],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { state: 'PENDING', end: null, error: null, exit: null }),
  },
  {
    what: 'the job is queued again and started again',
    does: () => [
      ofJob({ state: 'PENDING', startTime: null, ...NEVER_RAN }),
      ofJob({ state: 'RUNNING', startTime: 'now' }, { state: 'PENDING' }),
    ],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { ...queuedAgain, state: 'RUNNING', start: 'new' }),
  },
  {
    what: 'the job is started again and finishes again',
    does: () => [ofJob({ state: 'COMPLETED', startTime: 'now', endTime: 'now', errorMsg: null, exitCode: '0:0' })],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { state: 'COMPLETED', start: 'new', end: 'new', error: null, exit: '0:0' }),
  },
  {
    what: 'the job is started again within the same millisecond',
    does: (precision) => [ofJob({ startTime: written('just after', precision) })],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { start: 'just after' }),
  },
  {
    what: 'the end of the job is put right',
    does: () => [ofJob({ endTime: 'now' }, {}, { endTime: null })],
    locks: ['job 1'],
    makes: (now) => (now.jobs['1']?.end == null ? now : withJob(now, '1', { end: 'new' })),
  },
  {
    what: 'the job is deleted with its allocations',
    does: () => [
      { table: 'allocations', where: { jobId: '1' }, set: 'delete' },
      { table: 'jobs', where: { id: '1' }, set: 'delete' },
    ],
    locks: ['job 1', 'allocation 11', 'allocation 12'],
    makes: (now) => withoutJob(now, '1'),
  },
  {
    what: 'the job gets another owner',
    does: () => [ofJob({ note: 'bob' })],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { owner: 'bob' }),
  },
  {
    what: 'the allocation is released',
    does: () => [ofAllocation('11', { status: 'RELEASED', releasedTime: 'now' }, {}, { status: 'RELEASED' })],
    locks: ['allocation 11'],
    makes: (now) =>
      now.allocations['11']?.status === 'RELEASED'
        ? now
        : withAllocation(now, '11', { status: 'RELEASED', released: 'new' }),
  },
  {
    what: 'the allocation is reserved again',
    does: () => [ofAllocation('11', RESERVED_NOW)],
    locks: ['allocation 11'],
    fences: 'job 1',
    makes: (now) => withAllocation(now, '11', { status: 'RESERVED', since: 'new', released: null }),
  },
  {
    what: 'the allocation is reserved again within the same millisecond',
    does: (precision) => [ofAllocation('11', { ...RESERVED_NOW, allocationTime: written('just after', precision) })],
    locks: ['allocation 11'],
    fences: 'job 1',
    makes: (now) => withAllocation(now, '11', { status: 'RESERVED', since: 'just after', released: null }),
  },
  {
    what: 'the reservation becomes ALLOCATED',
    does: () => [ofAllocation('11', { status: 'ALLOCATED' }, { status: 'RESERVED' })],
    locks: ['allocation 11'],
    fences: 'job 1',
    makes: (now) =>
      now.allocations['11']?.status === 'RESERVED' ? withAllocation(now, '11', { status: 'ALLOCATED' }) : now,
  },
  {
    what: 'a new sibling is ALLOCATED',
    does: () => [insertSibling('13', 'ALLOCATED')],
    locks: ['job 1'],
    makes: (now) => withSibling(now, '13', 'ALLOCATED'),
  },
  {
    what: 'a new sibling is RESERVED',
    does: () => [insertSibling('14', 'RESERVED')],
    locks: ['job 1'],
    makes: (now) => withSibling(now, '14', 'RESERVED'),
  },
  {
    what: 'a released sibling is reserved again',
    does: () => [ofAllocation('12', RESERVED_NOW)],
    locks: ['allocation 12'],
    fences: 'job 1',
    makes: (now) => withAllocation(now, '12', { status: 'RESERVED', since: 'new', released: null }),
  },
  {
    what: 'the allocation moves to another job',
    does: () => [ofAllocation('11', { jobId: '3' })],
    locks: ['allocation 11', 'job 3'],
    makes: (now) => withAllocation(now, '11', { job: '3' }),
  },
  {
    what: 'an allocation of another job moves to this one',
    does: () => [ofAllocation('31', { jobId: '1' })],
    locks: ['allocation 31', 'job 1'],
    makes: (now) => (now.jobs['1'] === undefined ? 'refused' : withAllocation(now, '31', { job: '1' })),
  },
];

/** Whether an action and an operation want the same row, so that one of them has to wait for the other. */
export function isContended(
  { locks, fences }: Action,
  wanted: readonly RowName[],
  { skipsLocked }: { readonly skipsLocked: boolean },
): boolean {
  const rows = skipsLocked || fences === undefined ? locks : [...locks, fences];
  return rows.some((row) => wanted.includes(row));
}
