import type { AllocationRow, Application, Columns, JobRow } from '../cluster.js';
import { explain } from './explain.js';
import type { Ledger } from './ledger.js';
import type { Random } from './random.js';
import { Retention } from './retention.js';
import { isFinished, isUnreleased, type JobAndAllocations, type Rules } from './rules.js';
import type { Times } from './times.js';

/** So few that each has many jobs. */
const OWNERS = 2;

const NOTHING: JobAndAllocations = { job: undefined, allocations: [] };

/** What a worker does to a job, given all of it. Each change names all that it expects, and the row it makes. */
type Action = (job: JobRow, allocations: readonly AllocationRow[]) => Promise<void>;

/**
 * A worker of the application with jobs of its own: it submits, claims, runs, finishes, releases and queues them again,
 * and knows for each what it left behind. Whatever differs when it looks again was done by jobsweep.
 */
export class Worker {
  private readonly left = new Map<string, JobAndAllocations>();
  private readonly ids: readonly string[];
  private readonly retention: Retention | undefined;
  private nextAllocation: number;

  /** @param number from 1 on; the jobs of two workers have nothing in common. */
  constructor(
    private readonly application: Application,
    private readonly number: number,
    jobs: number,
    private readonly tools: {
      readonly random: Random;
      readonly rules: Rules;
      readonly ledger: Ledger;
      readonly times: Times;
    },
  ) {
    const { rules, ledger } = tools;
    this.ids = Array.from({ length: jobs }, (_job, index) => String(number * 1000 + index + 1));
    this.nextAllocation = number * 1_000_000;
    this.retention = rules.keepsNewest ? new Retention(rules, ledger) : undefined;
  }

  /** Does something to one of its jobs. */
  async act(): Promise<void> {
    const { random } = this.tools;
    const id = this.ids[random.upTo(this.ids.length) - 1] ?? '';
    if (random.upTo(4) === 1 && this.left.get(id)?.job?.state === 'RUNNING') await this.finishUnseen(id);
    else await this.inTransaction(id, (rows) => this.change(id, rows));
  }

  /** Looks at all of its jobs once more. */
  async lookAtAll(): Promise<void> {
    for (const id of this.ids) await this.inTransaction(id, (rows) => Promise.resolve(rows));
  }

  /** Locks a job, explains what it has become, and does something to it. */
  private async inTransaction(id: string, work: (rows: JobAndAllocations) => Promise<JobAndAllocations>) {
    const { rules, ledger } = this.tools;
    const before = this.left.get(id) ?? NOTHING;
    const { jobs, seen, after } = await this.application.transaction(async () => {
      await this.application.lock('jobs', id);
      const { jobs, ...all } = await this.application.find(this.retention === undefined ? [id] : this.ids);
      const allocations = all.allocations.filter(({ jobId }) => jobId === id);
      const seen = { job: jobs.find((job) => job.id === id), allocations };
      return { jobs, seen, after: await work(seen) };
    });
    ledger.see(id, before.job, explain(rules, before, seen));
    this.retention?.see(jobs, after.job);
    this.left.set(id, after);
  }

  /**
   * A worker's duty: it ends the run that it was given, whatever has become of it, without a look before. Nothing of
   * the run changes when jobsweep was first.
   */
  private async finishUnseen(id: string): Promise<void> {
    const { job, allocations } = this.left.get(id) ?? NOTHING;
    if (job === undefined) return;
    const ending = this.ending();
    const where = { id, state: 'RUNNING', startTime: job.startTime };
    const finished = await this.application.act({ table: 'jobs', where, set: ending });
    if (finished !== 1) return;
    const ended = { ...job, ...ending };
    this.left.set(id, { job: ended, allocations });
    this.retention?.leave(ended);
  }

  private async change(id: string, rows: JobAndAllocations): Promise<JobAndAllocations> {
    const { random } = this.tools;
    const changed = { job: rows.job, allocations: [...rows.allocations] };
    const { job } = rows;
    if (job === undefined) return { job: await this.submit(id), allocations: [] };
    const setJob = async (set: Partial<JobRow>) => {
      await this.expectOne({ table: 'jobs', where: { id }, set });
      changed.job = { ...(changed.job ?? job), ...set };
    };
    const setAllocation = async (allocation: AllocationRow, set: Partial<AllocationRow>) => {
      await this.expectOne({ table: 'allocations', where: { id: allocation.id }, set });
      changed.allocations = changed.allocations.map((each) => (each.id === allocation.id ? { ...each, ...set } : each));
    };
    const reserve = async (status: string, allocationTime: string) => {
      changed.allocations.push(await this.insertAllocation(id, status, allocationTime));
    };

    const { anyTime, fresh } = this.tools.times;
    const claim = async () => {
      await setJob({ state: 'RUNNING', startTime: anyTime() });
      if (random.upTo(8) > 1) await reserve('RESERVED', anyTime());
    };
    // Where reservations of jobs that wait count, a start of its own tells those of now from those of the same job before.
    const { ofWaiting } = this.tools.rules;
    const reserveAhead = async () => {
      await setJob({ startTime: anyTime() });
      await reserve('RESERVED', anyTime());
    };
    const queueAgain = () => {
      const startTime = ofWaiting ? anyTime() : null;
      return setJob({ state: 'PENDING', startTime, endTime: null, errorMsg: null, exitCode: null });
    };
    const actions: Record<'PENDING' | 'RUNNING' | 'finished', readonly [Action, ...Action[]]> = {
      PENDING: ofWaiting ? [claim, reserveAhead] : [claim],
      RUNNING: [
        async (_job, allocations) => {
          for (const each of allocations)
            if (each.status === 'RESERVED') await setAllocation(each, { status: 'ALLOCATED' });
        },
        () => reserve('ALLOCATED', fresh()),
        () => reserve('RESERVED', anyTime()),
        () => setJob(this.ending()),
        () => setJob({ startTime: anyTime() }),
        async (_job, allocations) => {
          for (const each of allocations) {
            if (isUnreleased(each)) await setAllocation(each, { status: 'RESERVED', allocationTime: fresh() });
          }
        },
      ],
      finished: [
        async (_job, allocations) => {
          for (const each of allocations) {
            if (isUnreleased(each)) await setAllocation(each, { status: 'RELEASED', releasedTime: fresh() });
          }
        },
        queueAgain,
        async () => {
          await queueAgain();
          await claim();
        },
        async (_job, allocations) => {
          await setJob({ state: 'RUNNING', startTime: fresh(), endTime: null });
          for (const each of allocations) {
            await setAllocation(each, { status: 'RESERVED', allocationTime: anyTime(), releasedTime: null });
          }
        },
        () => setJob({ note: this.anyOwner() }),
        () => setJob(this.ending()),
      ],
    };
    const choices = isFinished(job) ? actions.finished : job.state === 'PENDING' ? actions.PENDING : actions.RUNNING;
    await random.among(choices)(job, rows.allocations);
    return changed;
  }

  private async submit(id: string): Promise<JobRow> {
    const job: JobRow = { ...EMPTY_JOB, id, name: `job ${id}`, state: 'PENDING', note: this.anyOwner() };
    await this.application.act({ table: 'jobs', insert: given(job) });
    return job;
  }

  private async insertAllocation(jobId: string, status: string, allocationTime: string): Promise<AllocationRow> {
    this.nextAllocation += 1;
    const id = String(this.nextAllocation);
    const allocation = { id, jobId, status, allocationTime, releasedTime: null, note: null };
    await this.application.act({ table: 'allocations', insert: given(allocation) });
    return allocation;
  }

  /** The groups of retention: a worker has its own. */
  private anyOwner(): string {
    return `owner ${this.number}.${this.tools.random.upTo(OWNERS)}`;
  }

  private ending() {
    const { random, rules, times } = this.tools;
    const state = random.among(['COMPLETED', 'FAILED', 'CANCELLED']);
    // Where the newest stay, it is their number that decides, and not the age.
    const endTime = rules.keepsNewest ? times.old() : times.anyTime();
    return { state, endTime, exitCode: '0:0' };
  }

  /** The row is locked and was there: a change that finds no row, or more than one, lost something. */
  private async expectOne(change: Parameters<Application['act']>[0]): Promise<void> {
    const changed = await this.application.act(change);
    if (changed !== 1) this.tools.ledger.violations.push(`${JSON.stringify(change)} changed ${changed} rows`);
  }
}

const EMPTY_JOB = {
  startTime: null,
  endTime: null,
  errorMsg: null,
  exitCode: null,
  tenant: null,
  pinned: null,
  heartbeat: null,
  note: null,
} as const;

const given = (row: object): Columns => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
