import { beforeEach, describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { aFolder, jobsweep } from './support/command.js';
import { onPostgres } from './support/configs.js';

const OLD = 'old_job_cleanup';
const cluster = useCluster();

const config = (archive: boolean | object = true) =>
  onPostgres({ store: { schema: { archive } }, strategies: { [OLD]: { enabled: true, breaker: false } } });
const command = (...args: string[]) =>
  jobsweep(aFolder({ 'jobsweep.config.json': config() }), args, { PG_URL: cluster.url });
const rowsOf = async (...tables: readonly string[]) => {
  const rows: unknown[] = [];
  for (const table of tables) rows.push((await cluster.sql.query(`select * from ${table} order by id`)).rows);
  return rows;
};
const TABLES = ['jobs', 'resource_allocations'];
const counts = async () =>
  (await rowsOf('jobs_archive', 'resource_allocations_archive')).map((rows) => (rows as []).length);

beforeEach(async () => {
  await cluster.damageWithOwnTables();
  await cluster.sql.query(`
    drop table if exists jobs_archive, resource_allocations_archive;
    update resource_allocations set status = 'RELEASED' where job_id in (1, 2, 3);
    update jobs set end_time = end_time - interval '50 days' where id in (1, 2)`);
});

describe('jobsweep restore', () => {
  test('puts back what was deleted into the archive that init has made, and the history tells', async () => {
    const made = await command('init', '--apply');
    expect(made.stdout).toMatch(/^Made jobs_archive, resource_allocations_archive\.$/m);
    const doctor = JSON.parse((await command('doctor', '--json')).stdout) as { findings: { check: string }[] };
    expect(doctor.findings.filter(({ check }) => check === 'schema')).toEqual([]);
    const before = await rowsOf(...TABLES);
    expect((await command('run', OLD)).stdout).toMatch(/^old_job_cleanup +done +3 /m);
    expect(await counts()).toEqual([3, 3]);
    const { passes } = JSON.parse((await command('history', '--json')).stdout) as { passes: { id: string }[] };
    const pass = passes[0]?.id ?? '';

    const tried = await command('restore', '--dry-run');
    expect(tried).toMatchObject({ status: 0, stdout: '3 jobs can be put back, with all that hung on them.\n' });
    expect(await command('restore')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('give --yes') as string,
    });
    expect(await counts()).toEqual([3, 3]);

    const one = await command('restore', '--pass', pass, '--job', '7', '99', '--yes', '--json');
    expect(JSON.parse(one.stdout)).toMatchObject({ restored: 1, staying: { rows: 0 }, pause: { until: null } });
    expect(await counts()).toEqual([2, 2]);
    const { status, stdout } = await command('restore', '--pass', pass, '--yes');
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^Put 2 jobs back\.$/m) as string });
    expect(stdout).toContain(`${OLD} is paused, or its next pass would do the same again.`);
    expect(await rowsOf(...TABLES)).toEqual(before);
    expect(await counts()).toEqual([0, 0]);

    expect((await command('run', OLD)).stdout).toMatch(/^old_job_cleanup +paused /m);
    const history = (await command('history')).stdout;
    expect(history).toMatch(new RegExp(` ${OLD} +restored +2 .* Put back what pass ${pass} has deleted$`, 'm'));
    expect((await command('restore')).stdout).toBe('There is nothing in the archive that can be put back.\n');
  });

  test('leaves what is there by now, and names it', async () => {
    await command('init', '--apply');
    await command('run', OLD);
    await cluster.sql.query("insert into jobs (id, state) values (7, 'PENDING')");
    const { status, stdout } = await command('restore', '--yes');
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringMatching(/^Put 2 jobs back\.$/m) as string });
    expect(stdout).toContain('1 row has a key that is taken, so its job stays in the archive whole: jobs 7\n');
    expect((await cluster.sql.query('select state from jobs where id = 7')).rows).toEqual([{ state: 'PENDING' }]);
    expect(await counts()).toEqual([1, 1]);
    expect((await command('restore', '--yes')).status).toBe(1);
    expect((await command('restore', '--dry-run')).status).toBe(0);
  });

  test('says in which form ids are given where none is in the archive', async () => {
    await command('init', '--apply');
    await command('run', OLD);
    expect(await command('restore', '--job', '1,7', '--yes')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining("No job '1,7' is in the archive. Give ids as") as string,
    });
    const { status, stdout, stderr } = await command('restore', '--job', '99', '--yes');
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^No job '99' is in the archive\. Give ids as .* '\["n1","4"\]'\.$/m) as string,
    });
    expect(await counts()).toEqual([3, 3]);
  });

  test('gives a job back whole or not at all: what is in the way is named before, and what stayed comes back later', async () => {
    await command('init', '--apply');
    const before = await rowsOf(...TABLES);
    await command('run', OLD);
    await cluster.sql.query(
      "insert into resource_allocations (id, status) select id, 'RELEASED' from resource_allocations_archive where job_id = 7",
    );
    const { rows } = await cluster.sql.query('select id from resource_allocations_archive where job_id = 7');
    const [{ id }] = rows as [{ id: string }];
    const said = `1 row has a key that is taken, so its job stays in the archive whole: resource_allocations ${id}\n`;
    const tried = await command('restore', '--dry-run');
    expect(tried).toMatchObject({
      ...{ status: 0, stdout: `2 jobs can be put back, with all that hung on them.\n${said}` },
    });
    expect((await command('restore', '--yes')).stdout).toContain(said);
    expect(await counts()).toEqual([1, 1]);
    await cluster.sql.query('delete from resource_allocations where id = $1', [id]);
    expect((await command('restore', '--yes')).stdout).toMatch(/^Put 1 job back\.$/m);
    expect(await rowsOf(...TABLES)).toEqual(before);
    expect(await counts()).toEqual([0, 0]);
  });

  test('says so where nothing is archived', async () => {
    const folder = aFolder({ 'jobsweep.config.json': config(false) });
    const { status, stderr } = await jobsweep(folder, ['restore'], { PG_URL: cluster.url });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('Set schema.archive') as string });
  });
});

describe('An archive that does not fit', () => {
  test('keeps old_job_cleanup from deleting anything, and nothing else from its work', async () => {
    await command('init', '--apply');
    await cluster.sql.query('alter table jobs_archive drop column name');
    const before = await rowsOf('jobs');
    const doctor = await command('doctor');
    expect(doctor.status).toBe(1);
    expect(doctor.stdout).toContain('Table "jobs_archive" has no room for all of "jobs": "name" is missing (text)');
    const { status, stdout, stderr } = await command('run', 'completed_job_cleanup', 'stuck_job_cleanup', OLD);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^stuck_job_cleanup +done +14 /m);
    expect(stdout).toMatch(/^old_job_cleanup +failed /m);
    expect(stdout).toContain('SCHEMA_MISMATCH');
    expect(stderr).toContain('store.schema.archive.tables.jobs: ');
    expect(await counts()).toEqual([0, 0]);
    expect((await rowsOf('jobs'))[0]).toHaveLength((before[0] as []).length);
  });

  test('does the same where rows go with a job that nobody archives, and the doctor tells what to map', async () => {
    await command('init', '--apply');
    await cluster.sql.query(
      'create table logs (id bigint primary key, job_id bigint references jobs (id) on delete cascade)',
    );
    try {
      await cluster.sql.query('insert into logs (id, job_id) values (1, 7)');
      const doctor = await command('doctor', '--json');
      expect(doctor.status).toBe(1);
      const { findings } = JSON.parse(doctor.stdout) as { findings: object[] };
      const subject = 'store.schema.dependents.delete';
      const fix = expect.stringContaining(`Name "logs" in ${subject}`) as string;
      expect(findings).toContainEqual(expect.objectContaining({ check: 'schema', severity: 'error', subject, fix }));
      const { status, stdout, stderr } = await command('run', 'stuck_job_cleanup', OLD);
      expect(status).toBe(1);
      expect(stdout).toMatch(/^stuck_job_cleanup +done +14 /m);
      expect(stdout).toMatch(/^old_job_cleanup +failed /m);
      expect(stderr).toContain(`${subject}: Rows of "logs" (job_id) are deleted with rows of "jobs"`);
      expect(await counts()).toEqual([0, 0]);
      expect((await rowsOf('logs'))[0]).toHaveLength(1);
    } finally {
      await cluster.sql.query('drop table logs');
    }
  });
});
