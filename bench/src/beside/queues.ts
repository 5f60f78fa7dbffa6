import { connectPlain } from '@jobsweep/test-engines';
import type { Mapping } from '../contender.js';
import { fetched } from './fetched.js';

/** A queue that cleans up after itself, in tables of its own. */
export interface Queue {
  readonly mapping: Mapping;
  /** Leaves so many finished jobs that are due, and as many that are not. */
  fill(rows: number): Promise<void>;
  /** Deletes those that are due, as it does by itself. */
  clean(): Promise<unknown>;
  /** How many jobs there are. */
  count(): Promise<number>;
  close(): Promise<unknown>;
}

const NO_TEXTS = { errorMsg: null, exitCode: null } as const;

/** What `pg-boss` deletes is in the table that it moves finished jobs to. */
async function pgBoss(url: string): Promise<Queue> {
  const PgBoss = (await fetched(['pg-boss@10.4'])) as new (options: object) => Boss;
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false, deleteAfterDays: 30 });
  await boss.start();
  await boss.createQueue('mail');
  const sql = await connectPlain(url);
  return {
    mapping: {
      schema: {
        jobs: {
          ...{ schema: 'pgboss', table: 'archive' },
          columns: { startTime: 'started_on', endTime: 'completed_on', ...NO_TEXTS },
          states: {
            ...{ PENDING: ['created', 'retry'], RUNNING: 'active', COMPLETED: 'completed' },
            ...{ FAILED: 'failed', CANCELLED: 'cancelled' },
          },
        },
        allocations: null,
      },
      filters: { scope: { name: 'mail' } },
    },
    async fill(rows) {
      await sql.query('truncate pgboss.archive');
      await sql.query(`insert into pgboss.archive
          (id, name, priority, data, state, retry_limit, retry_count, retry_delay, retry_backoff, start_after, started_on,
           expire_in, created_on, completed_on, keep_until, archived_on)
        select gen_random_uuid(), 'mail', 0, '{"to": "somebody"}', 'completed', 2, 0, 0, false, ended, ended, interval '15 minutes',
          ended, ended, ended + interval '14 days', ended
        from (${endsOf(rows)}) as jobs`);
      await sql.query('create index if not exists archive_of_jobsweep on pgboss.archive (state, completed_on, id)');
      await sql.query('vacuum analyze pgboss.archive');
    },
    clean: () => boss.maintain(),
    count: () => counted(sql, 'pgboss.archive'),
    close: () => Promise.all([sql.close(), boss.stop({ graceful: false, wait: true })]),
  };
}

interface Boss {
  start(): Promise<unknown>;
  createQueue(name: string): Promise<unknown>;
  maintain(): Promise<unknown>;
  stop(options: object): Promise<unknown>;
}

async function sidequest(url: string): Promise<Queue> {
  const version = '1.16.4';
  const PostgresBackend = (await fetched([
    `@sidequest/postgres-backend@${version}`,
    `@sidequest/backend@${version}`,
    `@sidequest/core@${version}`,
  ])) as new (
    options: object,
  ) => Backend;
  const backend = new PostgresBackend({ connection: url });
  await backend.migrate();
  const sql = await connectPlain(url);
  return {
    mapping: {
      schema: {
        jobs: {
          table: 'sidequest_jobs',
          columns: {
            ...{ name: 'class', startTime: 'attempted_at', endTime: ['completed_at', 'failed_at', 'canceled_at'] },
            ...NO_TEXTS,
          },
          states: {
            ...{ PENDING: ['waiting', 'claimed'], RUNNING: 'running', COMPLETED: 'completed' },
            ...{ FAILED: 'failed', CANCELLED: 'canceled' },
          },
        },
        allocations: null,
      },
    },
    async fill(rows) {
      await sql.query('truncate sidequest_jobs');
      await sql.query(`insert into sidequest_jobs
          (queue, state, script, class, args, constructor_args, attempt, max_attempts, inserted_at, attempted_at,
           available_at, completed_at)
        select 'mail', 'completed', 'mail.js', 'Mail', '[]', '[]', 1, 5, ended, ended, ended, ended
        from (${endsOf(rows)}) as jobs`);
      await sql.query(
        'create index if not exists sidequest_of_jobsweep on sidequest_jobs (state, completed_at, id) where completed_at is not null',
      );
      await sql.query('vacuum analyze sidequest_jobs');
    },
    clean: () => backend.deleteFinishedJobs(new Date(Date.now() - MONTH_MS)),
    count: () => counted(sql, 'sidequest_jobs'),
    close: () => Promise.all([sql.close(), backend.close()]),
  };
}

interface Backend {
  migrate(): Promise<unknown>;
  deleteFinishedJobs(before: Date): Promise<unknown>;
  close(): Promise<unknown>;
}

const MONTH_MS = 30 * 86_400_000;

/** Ends two months ago, and as many of yesterday. */
const endsOf = (rows: number) =>
  [60, 1]
    .map(
      (days) =>
        `select now() - interval '${days} days' - i * interval '1 second' as ended from generate_series(1, ${rows}) as i`,
    )
    .join(' union all ');

async function counted(sql: Awaited<ReturnType<typeof connectPlain>>, table: string): Promise<number> {
  const [row] = await sql.query(`select count(*) as n from ${table}`);
  return Number(row?.n);
}

/** By name, with the least release of Node that each is for. */
export const QUEUES: Readonly<
  Record<string, { readonly node: number; readonly open: (url: string) => Promise<Queue> }>
> = { 'pg-boss': { node: 20, open: pgBoss }, Sidequest: { node: 22, open: sidequest } };
