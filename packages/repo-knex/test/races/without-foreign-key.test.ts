import type { WriteOutcome } from '@jobsweep/core';
import type { Knex } from 'knex';
import { describe, expect, test } from 'vitest';
import type { knexStore } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';
import { NEVER_WAITING } from './support/never-waiting.js';
import { useOtherSide } from './support/other-side.js';
import { readBack, type Snapshot, seed } from './support/snapshot.js';

const cluster = useCluster(`
  create table jobs (
    id bigint primary key, name text, state text not null, start_time timestamptz, end_time timestamptz,
    error_msg text, exit_code text, owner text default 'alice');
  create table resource_allocations (
    id bigint primary key, job_id bigint, status text, allocation_time timestamptz, released_time timestamptz);`);
const other = useOtherSide(cluster);

const INSERT =
  "insert into resource_allocations (id, job_id, status, allocation_time) values (13, 1, 'RESERVED', now())";
/** What a foreign key does by itself: nobody else deletes or fails the job until this commits. */
const LOCK_KEY = 'select from jobs where id = 1 for key share';

const job = (state: string, end: 'old' | null) =>
  ({ state, start: 'old', end, error: null, exit: null, owner: 'alice' }) as const;
const allocation = (job: string, status: string) => ({ job, status, since: 'old', released: null }) as const;
const tablesOf = (state: string, end: 'old' | null, status: string): Snapshot => ({
  jobs: { 1: job(state, end), 2: job(state, end) },
  allocations: { 11: allocation('1', status), 21: allocation('2', status) },
});

interface Seeing {
  readonly name: string;
  readonly tables: Snapshot;
  /** The id that it reports of job 1 or 2. */
  readonly reports: (job: string) => string;
  /** Reads what is due, and gives the write. */
  readonly read: (repository: Repository, session: Knex.Transaction) => Promise<() => Promise<Outcome[]>>;
}

type Repository = ReturnType<typeof knexStore>['repository'];
type Outcome = WriteOutcome<{ readonly id: string }>;

const seeing: readonly Seeing[] = [
  {
    name: 'cleanupStaleReservations',
    tables: tablesOf('RUNNING', null, 'RESERVED'),
    reports: (job) => `${job}1`,
    async read(repository, session) {
      const rows = await repository.getStaleReservations(session, 10);
      return () =>
        outcomesOf((onOutcome) => repository.cleanupStaleReservations(session, rows, undefined, { onOutcome }));
    },
  },
  {
    name: 'deleteJobsBatch',
    tables: tablesOf('COMPLETED', 'old', 'RELEASED'),
    reports: (job) => job,
    async read(repository, session) {
      const jobs = await repository.getOldJobs(session, 30);
      return () => outcomesOf((onOutcome) => repository.deleteJobsBatch(session, jobs, { onOutcome }));
    },
  },
];

async function outcomesOf(write: (onOutcome: (outcome: Outcome) => void) => Promise<unknown>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  await write((outcome) => outcomes.push(outcome));
  return outcomes;
}

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

describe.each(seeing)('$name, with no foreign key between the tables', ({ tables, read, reports }) => {
  const run = async () => {
    const { repository, transaction } = cluster.store(NEVER_WAITING);
    return transaction(async (session) => (await read(repository, session))());
  };

  test('sees a new sibling once it is committed, also between the read and the write', async () => {
    await seed(cluster.sql, tables);
    const { repository, transaction } = cluster.store(NEVER_WAITING);
    const said = await transaction(async (session) => {
      const write = await read(repository, session);
      await other.act({ sql: [INSERT] });
      return write();
    });
    expect(said).toMatchObject([{ changed: rows(reports('2')) }]);
    expect((await readBack(cluster.sql)).jobs['1']).toEqual(tables.jobs['1']);
  });

  test('leaves a job whose key the inserting transaction locks', async () => {
    await seed(cluster.sql, tables);
    await other.begin({ sql: [LOCK_KEY, INSERT] });
    const said = await run();
    await other.end('commit');
    expect(said).toMatchObject([{ changed: rows(reports('2')), contended: rows(reports('1')) }]);
    expect((await readBack(cluster.sql)).jobs['1']).toEqual(tables.jobs['1']);
  });

  // Nothing in the database connects the uncommitted row with the job: docs/worker-duties.md says what to do about it.
  test('cannot see a new sibling that is not committed and locks nothing', async () => {
    await seed(cluster.sql, tables);
    await other.begin({ sql: [INSERT] });
    const said = await run();
    await other.end('commit');
    expect(said).toMatchObject([{ changed: rows(reports('1'), reports('2')), contended: [] }]);
    expect((await readBack(cluster.sql)).allocations['13']).toMatchObject({ job: '1', status: 'RESERVED' });
  });
});
