/** A row of either table as texts, by the names of its columns. Times are ISO 8601 in UTC. */
export type Row = Readonly<Record<string, string | null>>;

export interface Tables {
  readonly jobs: readonly Row[];
  readonly allocations: readonly Row[];
}

export type TableName = keyof Tables;

const UNITS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;

export const STALE_MINUTES = 10;
export const STUCK_HOURS = 48;
export const OLD_DAYS = 30;

/** A moment before now. */
export const ago = (count: number, unit: keyof typeof UNITS): string =>
  new Date(Date.now() - count * UNITS[unit]).toISOString();

/** The first id of each kind of row; below are the jobs of the application's workers. */
const FIRST_ID = 100_000;

type Make = (id: string) => { job: Partial<Row>; allocations?: readonly Partial<Row>[] };

const running = (started: string) => ({ state: 'RUNNING', start_time: started });
const finished = (ended: string, exit = '0:0') => ({
  state: exit === '0:0' ? 'COMPLETED' : 'FAILED',
  start_time: ago(60, 'days'),
  end_time: ended,
  exit_code: exit,
});
const held = (status: string, since: string) => ({ status, allocation_time: since });
const released = { status: 'RELEASED', allocation_time: ago(60, 'days'), released_time: ago(50, 'days') };

/** What each rule names. */
const DUE: Readonly<Record<string, Make>> = {
  leaked: () => ({ job: finished(ago(2, 'hours'), '1:0'), allocations: [held('ALLOCATED', ago(3, 'hours'))] }),
  stale: () => ({ job: running(ago(20, 'minutes')), allocations: [held('RESERVED', ago(20, 'minutes'))] }),
  stuck: () => ({ job: running(ago(3, 'days')), allocations: [held('ALLOCATED', ago(3, 'days'))] }),
  old: () => ({ job: finished(ago(40, 'days')), allocations: [released, released] }),
};

/** What looks much like it, and no rule names. */
const CONTROLS: Readonly<Record<string, Make>> = {
  fresh: () => ({ job: running(ago(1, 'hours')), allocations: [held('ALLOCATED', ago(1, 'hours'))] }),
  reserved: () => ({ job: running(ago(5, 'minutes')), allocations: [held('RESERVED', ago(1, 'minutes'))] }),
  sibling: () => ({
    job: running(ago(20, 'minutes')),
    allocations: [held('RESERVED', ago(20, 'minutes')), held('ALLOCATED', ago(20, 'minutes'))],
  }),
  requeued: () => ({ job: { state: 'PENDING' }, allocations: [held('ALLOCATED', ago(9, 'days'))] }),
  lent: () => ({ job: finished(ago(40, 'days')), allocations: [held('LENT', ago(41, 'days'))] }),
  recent: () => ({ job: finished(ago(2, 'days')), allocations: [released] }),
};

/** How many rows of each kind that is due. */
export type DueRows = Readonly<Partial<Record<'leaked' | 'stale' | 'stuck' | 'old', number>>>;

/** So many rows of each kind that is due, and 20 of each kind that is not. */
export function rowsOf(due: DueRows, name = 'batch'): Tables {
  const jobs: Row[] = [];
  const allocations: Row[] = [];
  let next = FIRST_ID;
  const add = (make: Make, count: number) => {
    for (let index = 0; index < count; index++) {
      const id = String(next++);
      const made = make(id);
      jobs.push({ ...EMPTY_JOB, id, name, ...made.job });
      for (const allocation of made.allocations ?? []) {
        allocations.push({ released_time: null, ...allocation, id: String(next++), job_id: id });
      }
    }
  };
  for (const [kind, count] of Object.entries(due)) if (DUE[kind]) add(DUE[kind], count);
  for (const make of Object.values(CONTROLS)) add(make, 20);
  return { jobs, allocations };
}

export const EMPTY_JOB: Row = {
  name: null,
  state: 'PENDING',
  start_time: null,
  end_time: null,
  error_msg: null,
  exit_code: null,
  note: null,
};
