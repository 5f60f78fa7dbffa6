import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/files.js';
import { record, sampleLog } from '../support/logs.js';
import { importFile, MemoryDatabase } from '../support/memory.js';

const folder = temporaryFolder();
const SECOND = 1e6;

const write = (...lines: readonly string[]) => folder.write('log.swf', lines.join('\n'));

/** The jobs that a log becomes, by id. */
async function importJobs(path: string, rows?: number) {
  const database = new MemoryDatabase();
  const imported = await importFile(database, path, rows);
  return { database, imported, jobs: database.all.flatMap(({ job }) => job ?? []) };
}

const distance = (from: number | null | undefined, to: number | null | undefined) => (to ?? 0) - (from ?? 0);

describe('the times of the log', () => {
  test('are moved so that its last end is one hour before now', async () => {
    const { jobs } = await importJobs(
      await write(record({ id: 1, submit: 0, run: 5000 }), record({ id: 2, submit: 100, run: 1 })),
    );
    const age = Date.now() / 1000 - Math.max(...jobs.map(({ endTime }) => endTime ?? 0)) / SECOND;
    expect(age).toBeGreaterThanOrEqual(3599.999);
    expect(age).toBeLessThan(3660);
  });

  test('keep their distances, whether they are absolute or not', async () => {
    const year = 365 * 86_400;
    for (const start of [0, 1_000_000_000]) {
      const first = record({ id: 1, submit: start, wait: 10.25, run: 20 });
      const { jobs } = await importJobs(
        await write(first, record({ id: 2, submit: start + year, wait: -1, run: 7.000001 })),
      );
      const [a, b] = jobs;
      expect(distance(a?.submitTime, a?.startTime)).toBe(10.25 * SECOND);
      expect(distance(a?.startTime, a?.endTime)).toBe(20 * SECOND);
      expect(distance(a?.submitTime, b?.submitTime)).toBe(year * SECOND);
      expect(distance(b?.submitTime, b?.startTime)).toBe(0);
      expect(distance(b?.startTime, b?.endTime)).toBe(7_000_001);
    }
  });
});

describe('a record', () => {
  test('becomes a finished job with a released allocation', async () => {
    const failed = record({ id: 42, run: 60, status: 0, executable: 5, processors: 16 });
    const { database, jobs, imported } = await importJobs(
      await write(failed, record({ id: 7, status: 5 }), record({ id: 8, status: 1 })),
    );
    const rest = { errorMsg: null, processors: 4, userId: 7, queue: 2 };
    expect(jobs).toMatchObject([
      { id: 7, name: 'job-7', state: 'CANCELLED', exitCode: '0:15', ...rest },
      { id: 8, name: 'job-8', state: 'COMPLETED', exitCode: '0:0', ...rest },
      { id: 42, name: 'app-5', state: 'FAILED', exitCode: '1:0', ...rest, processors: 16 },
    ]);
    for (const { job, allocations } of database.all) {
      const times = { allocationTime: job?.startTime, releasedTime: job?.endTime };
      expect(allocations).toMatchObject([{ id: job?.id, jobId: job?.id, status: 'RELEASED', ...times }]);
      expect(allocations[0]?.node).toMatch(/^node-\d{3}$/);
    }
    expect([...imported.ids]).toEqual([7, 8, 42]);
  });
});

describe('a number of rows', () => {
  test('above the length of the log repeats it, every time earlier, under ids of their own', async () => {
    const { database, imported, jobs } = await importJobs(await folder.write('sample.swf', sampleLog(40)), 130);
    expect(imported).toMatchObject({ repetitions: 4 });
    expect([...imported.ids]).toEqual(jobs.map(({ id }) => id));
    expect(jobs).toHaveLength(130);
    const submitted = jobs.map(({ submitTime }) => submitTime ?? 0);
    expect(submitted).toEqual([...new Set(submitted)].sort((a, b) => a - b));
    expect(new Set([...database.allocations.values()].map(({ jobId }) => jobId)).size).toBe(130);
  });

  test('far above it makes chunks of them, and leaves none out', async () => {
    const { database, imported, jobs } = await importJobs(await folder.write('sample.swf', sampleLog(40)), 10_001);
    expect(jobs).toHaveLength(10_001);
    expect(imported.ids).toHaveLength(10_001);
    expect(database.allocations.size).toBe(10_001);
  });

  test('below the length of the log takes its first records', async () => {
    const { jobs } = await importJobs(await folder.write('sample.swf', sampleLog(40)), 10);
    expect(jobs.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('stays within the times that a database knows', async () => {
    const { jobs } = await importJobs(await write(record({ id: 1, submit: 0, run: 3e9 })), 2000);
    const oldest = Math.min(...jobs.map(({ submitTime }) => submitTime ?? 0));
    expect(new Date(oldest / 1000).getUTCFullYear()).toBeGreaterThan(1600);
  });
});

test('a log of more records than one piece of memory holds comes out as it went in', async () => {
  const { jobs } = await importJobs(await folder.write('long.swf', sampleLog(20_001)));
  expect(jobs).toHaveLength(20_001);
  expect(jobs.at(-1)).toMatchObject({ id: 20_001, name: 'job-20001', processors: 4 });
  expect(distance(jobs[0]?.submitTime, jobs.at(-1)?.submitTime)).toBe(20_000 * 600 * SECOND);
});
