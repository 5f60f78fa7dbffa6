import { type AllocationNow, JUST_AFTER, type Snapshot, withAllocation, withJob, withoutJob } from './snapshot.js';

/** A row as the tables below name it: `job 1`, `allocation 11`. */
export type RowName = `${'job' | 'allocation'} ${string}`;

/** Something that the rest of the cluster does to job 1, whose allocations are 11 and, released already, 12. */
export interface Action {
  readonly what: string;
  readonly sql: readonly string[];
  /** The rows it locks. With a foreign key, whoever points an allocation at a job locks that job's key. */
  readonly locks: readonly RowName[];
  /** What it makes of the tables; `refused` where the foreign key forbids it. */
  readonly makes: (now: Snapshot) => Snapshot | 'refused';
}

const updateJob = (set: string, guard = '') => `update jobs set ${set} where id = 1${guard}`;
const updateAllocation = (id: number, set: string, guard = '') =>
  `update resource_allocations set ${set} where id = ${id}${guard}`;

const NEVER_RAN = 'end_time = null, error_msg = null, exit_code = null';
const queuedAgain = { state: 'PENDING', start: null, end: null, error: null, exit: null } as const;

function withSibling(now: Snapshot, id: string, status: string): Snapshot | 'refused' {
  if (now.jobs['1'] === undefined) return 'refused';
  const sibling: AllocationNow = { job: '1', status, since: 'new', released: null };
  return { ...now, allocations: { ...now.allocations, [id]: sibling } };
}

const insertSibling = (id: number, status: string) =>
  `insert into resource_allocations (id, job_id, status, allocation_time) values (${id}, 1, '${status}', now())`;

export const actions: readonly Action[] = [
  {
    what: 'the job finishes',
    // What a worker does when it is done: only the run that it works for.
    sql: [
      updateJob(
        "state = 'COMPLETED', end_time = now()",
        " and state = 'RUNNING' and start_time < now() - interval '1 h'",
      ),
    ],
    locks: ['job 1'],
    makes: (now) => {
      const isSameRun = now.jobs['1']?.state === 'RUNNING' && now.jobs['1'].start === 'old';
      return isSameRun ? withJob(now, '1', { state: 'COMPLETED', end: 'new' }) : now;
    },
  },
  {
    what: 'the job is queued again',
    sql: [updateJob(`state = 'PENDING', start_time = null, ${NEVER_RAN}`)],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', queuedAgain),
  },
  {
    what: 'the job is queued again and keeps its start time',
    sql: [updateJob(`state = 'PENDING', ${NEVER_RAN}`)],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { state: 'PENDING', end: null, error: null, exit: null }),
  },
  {
    what: 'the job is queued again and started again',
    sql: [
      updateJob(`state = 'PENDING', start_time = null, ${NEVER_RAN}`),
      updateJob("state = 'RUNNING', start_time = now()", " and state = 'PENDING'"),
    ],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { ...queuedAgain, state: 'RUNNING', start: 'new' }),
  },
  {
    what: 'the job is started again and finishes again',
    sql: [updateJob("state = 'COMPLETED', start_time = now(), end_time = now(), error_msg = null, exit_code = '0:0'")],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { state: 'COMPLETED', start: 'new', end: 'new', error: null, exit: '0:0' }),
  },
  {
    what: 'the job is started again within the same millisecond',
    sql: [updateJob(`start_time = '${JUST_AFTER}'`)],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { start: 'just after' }),
  },
  {
    what: 'the end of the job is put right',
    sql: [updateJob('end_time = now()', ' and end_time is not null')],
    locks: ['job 1'],
    makes: (now) => (now.jobs['1']?.end == null ? now : withJob(now, '1', { end: 'new' })),
  },
  {
    what: 'the job is deleted with its allocations',
    sql: ['delete from resource_allocations where job_id = 1', 'delete from jobs where id = 1'],
    locks: ['job 1', 'allocation 11', 'allocation 12'],
    makes: (now) => withoutJob(now, '1'),
  },
  {
    what: 'the job gets another owner',
    sql: [updateJob("owner = 'bob'")],
    locks: ['job 1'],
    makes: (now) => withJob(now, '1', { owner: 'bob' }),
  },
  {
    what: 'the allocation is released',
    sql: [updateAllocation(11, "status = 'RELEASED', released_time = now()", " and status <> 'RELEASED'")],
    locks: ['allocation 11'],
    makes: (now) =>
      now.allocations['11']?.status === 'RELEASED'
        ? now
        : withAllocation(now, '11', { status: 'RELEASED', released: 'new' }),
  },
  {
    what: 'the allocation is reserved again',
    sql: [updateAllocation(11, "status = 'RESERVED', allocation_time = now(), released_time = null")],
    locks: ['allocation 11'],
    makes: (now) => withAllocation(now, '11', { status: 'RESERVED', since: 'new', released: null }),
  },
  {
    what: 'the allocation is reserved again within the same millisecond',
    sql: [updateAllocation(11, `status = 'RESERVED', allocation_time = '${JUST_AFTER}', released_time = null`)],
    locks: ['allocation 11'],
    makes: (now) => withAllocation(now, '11', { status: 'RESERVED', since: 'just after', released: null }),
  },
  {
    what: 'the reservation becomes ALLOCATED',
    sql: [updateAllocation(11, "status = 'ALLOCATED'", " and status = 'RESERVED'")],
    locks: ['allocation 11'],
    makes: (now) =>
      now.allocations['11']?.status === 'RESERVED' ? withAllocation(now, '11', { status: 'ALLOCATED' }) : now,
  },
  {
    what: 'a new sibling is ALLOCATED',
    sql: [insertSibling(13, 'ALLOCATED')],
    locks: ['job 1'],
    makes: (now) => withSibling(now, '13', 'ALLOCATED'),
  },
  {
    what: 'a new sibling is RESERVED',
    sql: [insertSibling(14, 'RESERVED')],
    locks: ['job 1'],
    makes: (now) => withSibling(now, '14', 'RESERVED'),
  },
  {
    what: 'a released sibling is reserved again',
    sql: [updateAllocation(12, "status = 'RESERVED', allocation_time = now(), released_time = null")],
    locks: ['allocation 12'],
    makes: (now) => withAllocation(now, '12', { status: 'RESERVED', since: 'new', released: null }),
  },
  {
    what: 'the allocation moves to another job',
    sql: [updateAllocation(11, 'job_id = 3')],
    locks: ['allocation 11', 'job 3'],
    makes: (now) => withAllocation(now, '11', { job: '3' }),
  },
  {
    what: 'an allocation of another job moves to this one',
    sql: [updateAllocation(31, 'job_id = 1')],
    locks: ['allocation 31', 'job 1'],
    makes: (now) => (now.jobs['1'] === undefined ? 'refused' : withAllocation(now, '31', { job: '1' })),
  },
];
