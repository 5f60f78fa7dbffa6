import { beforeEach, describe, expect, test } from 'vitest';
import { clusterDatabase } from '../support/cluster.js';
import { temporaryFolder } from '../support/files.js';
import { record, sampleLog } from '../support/logs.js';

const folder = temporaryFolder();
// Its clocks change, and nothing that is counted in seconds may.
const cluster = clusterDatabase('import', 'America/New_York');

beforeEach(() => cluster.clear());

const write = (...lines: readonly string[]) => folder.write('log.swf', lines.join('\n'));
const secondsBetween = (from: string, to: string) => `extract(epoch FROM ${to} - ${from})::float8`;

describe('the times of the log', () => {
  test('are moved so that its last end is one hour before now', async () => {
    await cluster.import(await write(record({ id: 1, submit: 0, run: 5000 }), record({ id: 2, submit: 100, run: 1 })));
    const age = await cluster.value(`SELECT ${secondsBetween('max(end_time)', 'now()')} FROM jobs`);
    expect(age).toBeGreaterThanOrEqual(3600);
    expect(age).toBeLessThan(3660);
  });

  test('keep their distances, whether they are absolute or not', async () => {
    const year = 365 * 86_400;
    for (const start of [0, 1_000_000_000]) {
      await cluster.clear();
      const first = record({ id: 1, submit: start, wait: 10.25, run: 20 });
      await cluster.import(await write(first, record({ id: 2, submit: start + year, wait: -1, run: 7 })));
      const sql = `SELECT ${secondsBetween('a.submit_time', 'a.start_time')} AS wait,
        ${secondsBetween('a.start_time', 'a.end_time')} AS run, ${secondsBetween('a.submit_time', 'b.submit_time')} AS year,
        ${secondsBetween('b.submit_time', 'b.start_time')} AS no_wait
        FROM jobs a, jobs b WHERE a.id = 1 AND b.id = 2`;
      expect(await cluster.rows(sql)).toEqual([{ wait: 10.25, run: 20, year, no_wait: 0 }]);
    }
  });
});

describe('a record', () => {
  test('becomes a finished job with a released allocation', async () => {
    const failed = record({ id: 42, run: 60, status: 0, executable: 5, processors: 16 });
    await cluster.import(await write(failed, record({ id: 7, status: 5 }), record({ id: 8, status: 1 })));
    expect(
      await cluster.rows(
        'SELECT id, name, state, error_msg, exit_code, processors, user_id, queue FROM jobs ORDER BY 1',
      ),
    ).toEqual([
      {
        id: '7',
        name: 'job-7',
        state: 'CANCELLED',
        error_msg: null,
        exit_code: '0:15',
        processors: 4,
        user_id: 7,
        queue: 2,
      },
      {
        id: '8',
        name: 'job-8',
        state: 'COMPLETED',
        error_msg: null,
        exit_code: '0:0',
        processors: 4,
        user_id: 7,
        queue: 2,
      },
      {
        id: '42',
        name: 'app-5',
        state: 'FAILED',
        error_msg: null,
        exit_code: '1:0',
        processors: 16,
        user_id: 7,
        queue: 2,
      },
    ]);
    const held = `SELECT count(*)::int FROM resource_allocations a JOIN jobs j ON j.id = a.job_id
      WHERE a.status = 'RELEASED' AND a.allocation_time = j.start_time AND a.released_time = j.end_time AND a.node <> ''`;
    expect(await cluster.value(held)).toBe(3);
  });
});

describe('a number of rows', () => {
  test('above the length of the log repeats it, every time earlier, under ids of their own', async () => {
    const path = await folder.write('sample.swf', sampleLog(40));
    const imported = await cluster.import(path, 130);
    expect(imported).toMatchObject({ jobs: 130, repetitions: 4 });
    const sql = `SELECT count(*)::int AS jobs, count(DISTINCT id)::int AS ids, count(DISTINCT submit_time)::int AS times,
      bool_and(submit_time > before) AS in_order
      FROM (SELECT *, lag(submit_time) OVER (ORDER BY id) AS before FROM jobs) AS j`;
    expect(await cluster.rows(sql)).toEqual([{ jobs: 130, ids: 130, times: 130, in_order: true }]);
    expect(await cluster.value('SELECT count(DISTINCT job_id)::int FROM resource_allocations')).toBe(130);
  });

  test('below the length of the log takes its first records', async () => {
    await cluster.import(await folder.write('sample.swf', sampleLog(40)), 10);
    expect(await cluster.rows('SELECT min(id), max(id), count(*)::int FROM jobs')).toEqual([
      { min: '1', max: '10', count: 10 },
    ]);
  });

  test('stays within the times that a database knows', async () => {
    await cluster.import(await write(record({ id: 1, submit: 0, run: 3e9 })), 2000);
    const oldest = await cluster.value('SELECT extract(year FROM min(submit_time))::int FROM jobs');
    expect(oldest).toBeGreaterThan(1600);
  });
});

test('the tables get the indexes that jobsweep advises', async () => {
  await cluster.import(await write(record({ id: 1 })));
  const definitions = await cluster.rows('SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()');
  const columns = definitions.map(({ indexdef }) =>
    /\(.*$/.exec(String(indexdef))?.[0].replaceAll(/::\w+(\[\])?/g, ''),
  );
  expect(columns.sort()).toEqual([
    "(allocation_time, id) WHERE (status = 'RESERVED')",
    "(end_time, id) WHERE (state = ANY (ARRAY['COMPLETED', 'FAILED', 'CANCELLED']))",
    '(id)',
    '(id)',
    "(id) WHERE (status = ANY (ARRAY['RESERVED', 'ALLOCATED']))",
    '(job_id)',
    "(start_time, id) WHERE (state = 'RUNNING')",
  ]);
});
