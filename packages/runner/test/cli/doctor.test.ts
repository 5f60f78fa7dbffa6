import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aFolder, jobsweep, jobsweepAlone } from './support/command.js';
import { inMemory } from './support/configs.js';

/** A diagnosis that finds something everywhere. */
const DIAGNOSIS = `{
  unknownStates: async () => [{ table: 'jobs', value: 'HELD', rows: 3 }, { table: 'allocations', value: null, rows: 10000 }],
  indexes: async () => [
    { name: 'jobs_stuck', table: 'jobs', columns: ['start_time', 'id'], strategies: ['stuck_job_cleanup'],
      statement: 'CREATE INDEX CONCURRENTLY jobs_stuck ON jobs (start_time, id)', servedBy: null },
    { name: 'jobs_old', table: 'jobs', columns: ['end_time', 'id'], strategies: ['old_job_cleanup'],
      statement: 'CREATE INDEX CONCURRENTLY jobs_old ON jobs (end_time, id)', servedBy: 'jobs_by_end' },
  ],
  createIndex: async ({ name }) => (await import('node:fs')).appendFileSync('indexes', name + '\\n'),
  cost: async () => ({ durationMs: 12, rowsExamined: 4000, plan: 'Seq Scan' }),
  references: async () => [
    { table: 'invoices', columns: ['job_id'], constraint: 'invoices_job_fkey', onDelete: 'blocks', isIndexed: false, mappedAs: null },
    { table: 'logs', columns: ['job_id'], constraint: 'logs_job_fkey', onDelete: 'cascades', isIndexed: true, mappedAs: null },
    { table: 'lines', columns: ['log'], constraint: 'line_log', through: 'logs', onDelete: 'cascades', isIndexed: true, mappedAs: null },
    { table: 'tries', columns: ['jobid'], constraint: null, onDelete: 'nothing', isIndexed: true, mappedAs: null },
  ],
  duePartitions: async ({ maxAgeDays }) => [{ partition: 'jobs_2001', statement: 'DROP TABLE jobs_2001 -- ' + maxAgeDays }],
  oldSnapshots: async () => [
    { holder: 'session 7', ageSeconds: 7200 }, { holder: 'session 8', ageSeconds: 60 }, { holder: 'replication slot s', ageSeconds: null },
  ],
  orphans: async () => 7,
  missingPrivileges: async () => [{ privilege: 'UPDATE (state)', on: 'jobs', strategies: ['stuck_job_cleanup'] }],
  grants: async (user, { strategies, ownTables }) => ['GRANT ' + strategies.length + ' TO ' + user, 'GRANT OWN ' + ownTables],
}`;
const withDiagnosis = `{ ...store, inspect: { ...store.inspect, diagnosis: ${DIAGNOSIS} } }`;
const folder = (options?: Parameters<typeof inMemory>[0]) => aFolder({ 'jobsweep.config.mjs': inMemory(options) });

interface Told {
  readonly ok: boolean;
  readonly checks: readonly { name: string; status: string; summary: string }[];
  readonly findings: readonly {
    check: string;
    severity: string;
    subject: string;
    problem: string;
    fix: string;
    statement?: string;
  }[];
}
const told = async (args: readonly string[], options?: Parameters<typeof inMemory>[0]) => {
  const { status, stdout } = await jobsweep(folder(options), ['doctor', '--json', ...args]);
  return { status, told: JSON.parse(stdout) as Told & Record<string, unknown> };
};

describe('jobsweep doctor', () => {
  test('tells everything that it finds, with a severity and a fix', async () => {
    const {
      status,
      told: { ok, findings, checks },
    } = await told([], { wrap: withDiagnosis });
    expect({ status, ok }).toEqual({ status: 1, ok: false });
    expect(
      findings.map(({ check, severity, subject, problem }) => `${severity} ${check} ${subject}: ${problem}`),
    ).toEqual([
      'error privileges jobs: The user lacks UPDATE (state), for stuck_job_cleanup',
      "warning states jobs.state: 3 rows have 'HELD', which nobody mapped",
      'warning states allocations.status: 10000+ rows have NULL, which nobody mapped',
      'warning undated stuck_job_cleanup: 1 row has no start time, never to be due',
      'warning orphans allocations.jobId: 7 allocations hold something for a job that does not exist',
      'warning indexes jobs (start_time, id): Index jobs_stuck is missing, for stuck_job_cleanup',
      'warning snapshots session 7: It has been open for 2 h, and may keep deleted rows in the tables: looks for rows that are due read past them',
      'warning snapshots replication slot s: Nobody reads from it, and it keeps deleted rows in the tables: looks for rows that are due read past them',
      'info references allocations.jobId: No foreign key that this user can see ties allocations to their job',
      'info references invoices (job_id): Its rows keep jobs from being deleted (invoices_job_fkey)',
      'info references invoices (job_id): Without an index, deleting a job reads this whole table',
      'info references logs (job_id): Its rows are deleted with their job (logs_job_fkey)',
      'info references lines (log) -> logs: Its rows are deleted with their job (line_log)',
      'info references tries (jobid): It looks as if its rows name jobs, and no foreign key says so: a purge leaves them behind',
      'info violations completed_job_cleanup: 1 row is due, the oldest for 2 h',
      'info violations stuck_job_cleanup: 1 row is due, the oldest for 24 h',
    ]);
    expect(findings.every(({ fix }) => fix.length > 0)).toBe(true);
    expect(findings.find(({ check }) => check === 'indexes')?.statement).toBe(
      'CREATE INDEX CONCURRENTLY jobs_stuck ON jobs (start_time, id)',
    );
    expect(checks.map(({ name, status: one }) => `${name} ${one}`)).toEqual([
      'server fine',
      'schema fine',
      'states findings',
      'undated findings',
      'orphans findings',
      'references findings',
      'indexes findings',
      'snapshots findings',
      'probe skipped',
      'ownTables fine',
      'claims fine',
      'privileges findings',
      'violations findings',
    ]);
  });

  test('takes what a purge meets more seriously where old_job_cleanup is on', async () => {
    const {
      told: { findings },
    } = await told([], { wrap: withDiagnosis, more: 'strategies: { old_job_cleanup: { enabled: true } }' });
    expect(
      findings.filter(({ check }) => check === 'references').map(({ severity, subject }) => `${severity} ${subject}`),
    ).toEqual([
      'warning invoices (job_id)',
      'warning invoices (job_id)',
      'warning logs (job_id)',
      'warning lines (log) -> logs',
      'warning tries (jobid)',
      'info allocations.jobId',
    ]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        ...{ check: 'violations', severity: 'info', subject: 'jobs_2001', statement: 'DROP TABLE jobs_2001 -- 30' },
      }),
    );
  });

  test('makes the indexes that are missing, and those only, when it is told to', async () => {
    const at = folder({ wrap: withDiagnosis });
    const { status, stdout, stderr } = await jobsweepAlone(at, ['doctor', '--apply-indexes', '--measure', '--json']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(readFileSync(join(at, 'indexes'), 'utf8')).toBe('jobs_stuck\n');
    const { indexes, costs, findings } = JSON.parse(stdout) as Told & Record<'indexes' | 'costs', object[]>;
    expect(indexes).toMatchObject([
      { name: 'jobs_stuck', wasMade: true },
      { name: 'jobs_old', wasMade: false },
    ]);
    expect(costs[0]).toEqual({
      strategy: 'completed_job_cleanup',
      before: { durationMs: 12, rowsExamined: 4000, plan: 'Seq Scan' },
      after: { durationMs: 12, rowsExamined: 4000, plan: 'Seq Scan' },
    });
    expect(findings.filter(({ check }) => check === 'indexes')).toEqual([]);
  });

  test('prints the grants of the strategies that are on, and only these', async () => {
    const { status, stdout } = await jobsweep(folder({ wrap: withDiagnosis }), ['doctor', '--grants', 'janitor']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'GRANT 3 TO janitor;\nGRANT OWN true;\n' });
  });

  test('stops at tables that do not fit, and says what still can be said', async () => {
    const schema = `schema: async () => [{ path: 'schema.jobs.columns.endTime', problem: 'No column "end_time"', fix: 'Name it' }]`;
    const wrap = `{ ...store, inspect: { ...store.inspect, ${schema}, diagnosis: ${DIAGNOSIS} } }`;
    const {
      status,
      told: { findings, checks },
    } = await told([], { wrap });
    expect(status).toBe(1);
    expect(findings.filter(({ check }) => check !== 'snapshots')).toEqual([
      {
        check: 'schema',
        severity: 'error',
        subject: 'schema.jobs.columns.endTime',
        problem: 'No column "end_time"',
        fix: 'Name it',
      },
    ]);
    expect(checks.filter(({ status: one }) => one === 'skipped').map(({ name }) => name)).toEqual([
      'states',
      'undated',
      'orphans',
      'references',
      'indexes',
      'probe',
      'privileges',
      'violations',
    ]);
  });

  test('goes on where a check fails, and is not fine then', async () => {
    const broken = `{ ...${DIAGNOSIS}, orphans: async () => { throw new Error('permission denied') } }`;
    const {
      status,
      told: { checks },
    } = await told([], { wrap: `{ ...store, inspect: { ...store.inspect, diagnosis: ${broken} } }` });
    expect(status).toBe(1);
    expect(checks.find(({ name }) => name === 'orphans')).toEqual({
      name: 'orphans',
      status: 'failed',
      summary: 'permission denied',
    });
    expect(checks.at(-1)?.status).toBe('findings');
  });

  test.each([
    ['async () => 3', 'fine', 'it says 3, and passes wait above 5', []],
    ['async () => 7', 'findings', '1 warning', ['warning It says 7: passes wait, as that is above 5']],
    [
      'async () => null',
      'findings',
      '1 error',
      ['error It gives no number, so passes wait and repair nothing: The probe gave no number'],
    ],
  ])('reads the probe %s', async (query, status, summary, problems) => {
    const { told: said } = await told([], {
      more: `runner: { pacing: { probe: { query: ${query}, above: 5 } } }`,
    });
    expect(said.checks.find(({ name }) => name === 'probe')).toEqual({ name: 'probe', status, summary });
    const of = said.findings.filter(({ check }) => check === 'probe');
    expect(of.map(({ severity, problem }) => `${severity} ${problem}`)).toEqual(problems);
  });

  test('notices clocks that differ', async () => {
    const server = `server: async () => ({ product: 'X', version: '1', timeZone: 'UTC', isWritable: true, now: new Date(Date.now() + 300_000) })`;
    const {
      told: { findings, clockSkewSeconds },
    } = await told([], { wrap: `{ ...store, inspect: { ...store.inspect, ${server} } }` });
    expect(findings[0]).toMatchObject({
      check: 'server',
      severity: 'warning',
      subject: 'clock',
      problem: 'This machine is 5 min behind the database',
    });
    expect(clockSkewSeconds).toBeCloseTo(-300, 0);
  });

  test('misses the own tables only where they are to be used', async () => {
    const [used, unused] = await Promise.all([
      told([], { initialized: false }),
      told([], { initialized: false, more: `runner: { claims: 'off' }` }),
    ]);
    expect(used.told.findings.filter(({ check }) => check === 'ownTables')).toHaveLength(1);
    expect(unused.told.checks.find(({ name }) => name === 'ownTables')?.status).toBe('skipped');
  });

  test('is readable for people', async () => {
    const { stdout } = await jobsweep(folder({ wrap: withDiagnosis }), ['doctor']);
    expect(stdout).toContain('✔ tables and columns  tables and columns are as the mapping says\n');
    expect(stdout).toContain('! states              2 warnings\n');
    expect(stdout).toContain(
      'warning jobs (start_time, id)\n  Index jobs_stuck is missing, for stuck_job_cleanup.\n  → Create it, or let `jobsweep doctor --apply-indexes` do so.\n    CREATE INDEX CONCURRENTLY jobs_stuck ON jobs (start_time, id)\n',
    );
    expect(stdout).toMatch(/\n1 error, 7 warnings\.\n$/);
  });
});
