import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { NEVER_WAITING } from './support/never-waiting.js';
import { operations } from './support/operations.js';
import { useOtherSide } from './support/other-side.js';
import { readBack, seed } from './support/snapshot.js';

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

const seeing = operations.filter(({ name }) => name === 'cleanupStaleReservations' || name === 'deleteJobsBatch');

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
    expect(said).toMatchObject({ changed: [reports('2')] });
    expect((await readBack(cluster.sql)).jobs['1']).toEqual(tables.jobs['1']);
  });

  test('leaves a job whose key the inserting transaction locks', async () => {
    await seed(cluster.sql, tables);
    await other.begin({ sql: [LOCK_KEY, INSERT] });
    const said = await run();
    await other.end('commit');
    expect(said).toMatchObject({ changed: [reports('2')], contended: [reports('1')] });
    expect((await readBack(cluster.sql)).jobs['1']).toEqual(tables.jobs['1']);
  });

  // Nothing in the database connects the uncommitted row with the job: docs/worker-duties.md says what to do about it.
  test('cannot see a new sibling that is not committed and locks nothing', async () => {
    await seed(cluster.sql, tables);
    await other.begin({ sql: [INSERT] });
    const said = await run();
    await other.end('commit');
    expect(said).toMatchObject({ changed: [reports('1'), reports('2')], contended: [] });
    expect((await readBack(cluster.sql)).allocations['13']).toMatchObject({ job: '1', status: 'RESERVED' });
  });
});
