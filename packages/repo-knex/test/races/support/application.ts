import type pg from 'pg';
import type { Random } from './random.js';

/** Statements of one transaction on one job. Each locks the job first, as every well-behaved application does. */
type Work = (job: number, random: Random) => readonly string[];

const LIMITS_PASSED = "interval '50 days'";
const JUST_NOW = "interval '1 second'";

const lock = (job: number) => `select from jobs where id = ${job} for update`;
const age = (random: Random) => random.among([LIMITS_PASSED, JUST_NOW]);
const nextAllocation = "nextval('allocation_ids')";

const submit: Work = (job) => [
  `insert into jobs (id, name, state) values (${job}, 'job ${job}', 'PENDING') on conflict do nothing`,
];

const claim: Work = (job, random) => [
  lock(job),
  `with claimed as (
     update jobs set state = 'RUNNING', start_time = now() - ${age(random)} where id = ${job} and state = 'PENDING'
     returning id)
   insert into resource_allocations (id, job_id, status, allocation_time)
   select ${nextAllocation}, id, 'RESERVED', now() - ${age(random)} from claimed`,
];

const start: Work = (job) => [
  lock(job),
  `update resource_allocations set status = 'ALLOCATED' where job_id = ${job} and status = 'RESERVED'
     and exists (select from jobs where id = ${job} and state = 'RUNNING')`,
];

const grow: Work = (job) => [
  lock(job),
  `insert into resource_allocations (id, job_id, status, allocation_time)
   select ${nextAllocation}, id, 'ALLOCATED', now() from jobs where id = ${job} and state = 'RUNNING'`,
];

const finish: Work = (job, random) => [
  `update jobs set state = '${random.among(['COMPLETED', 'FAILED', 'CANCELLED'])}', exit_code = '0:0',
     end_time = now() - ${age(random)} where id = ${job} and state = 'RUNNING'`,
];

const release: Work = (job) => [
  lock(job),
  `update resource_allocations set status = 'RELEASED', released_time = now() where job_id = ${job}
     and status <> 'RELEASED' and exists (select from jobs where id = ${job} and state not in ('PENDING', 'RUNNING'))`,
];

const queueAgain: Work = (job) => [
  `update jobs set state = 'PENDING', start_time = null, end_time = null, error_msg = null, exit_code = null
   where id = ${job} and state not in ('PENDING', 'RUNNING')`,
];

const restart: Work = (job, random) => [
  lock(job),
  ...queueAgain(job, random),
  `update jobs set state = 'RUNNING', start_time = now() where id = ${job} and state = 'PENDING'`,
  `update resource_allocations set status = 'RESERVED', allocation_time = now(), released_time = null
   where job_id = ${job} and exists (select from jobs where id = ${job} and start_time = now())`,
];

/** Does `count` random things to jobs 1 to `jobs`, each in a transaction of its own. */
export async function runApplication(sql: pg.Client, random: Random, jobs: number, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    const work = random.among<Work>([submit, claim, claim, start, grow, finish, finish, release, queueAgain, restart]);
    const statements = work(random.upTo(jobs), random);
    await sql.query(['begin', ...statements, 'commit'].join(';\n'));
  }
}
