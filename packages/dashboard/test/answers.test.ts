import { JobsweepError } from '@jobsweep/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDashboard } from '../src/index.js';
import { aPass, aSource, get } from './fakes.js';

const open = { authorize: () => true };
const body = async (response: Response) => (await response.json()) as Record<string, unknown>;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('what the database is asked', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  test('is asked once, however many look at once', async () => {
    const source = aSource();
    const dashboard = createDashboard(source, open);
    for (const path of ['now', 'history?range=month', 'plan', 'doctor']) {
      await Promise.all(Array.from({ length: 20 }, () => dashboard(get(`/api/${path}`))));
    }
    const once = ['backlog stuck_job_cleanup', 'diagnosis', 'passes ', 'plan', 'spans 2592000', 'strategies'];
    // The range ends by the database's clock.
    expect(source.asked.toSorted()).toEqual([...once, 'strategies']);
  });

  test('is asked nothing while nobody looks, and in an hour of looking it is counted once a minute', async () => {
    const source = aSource();
    const dashboard = createDashboard(source, open);
    await pass(3_600_000);
    expect(source.asked).toEqual([]);
    for (let second = 0; second < 3600; second += 2) {
      await dashboard(get('/api/now'));
      await pass(2000);
    }
    const times = (question: string) => source.asked.filter((one) => one === question).length;
    expect(times('backlog stuck_job_cleanup')).toBeLessThanOrEqual(60);
    expect(times('strategies')).toBeLessThanOrEqual(360);
    expect(times('passes ')).toBeLessThanOrEqual(360);
  });

  test('sums a month up seldom, since that may be a million passes', async () => {
    const source = aSource();
    const dashboard = createDashboard(source, open);
    for (let minute = 0; minute < 60; minute += 1) {
      for (const range of ['day', 'month']) await dashboard(get(`/api/history?range=${range}`));
      await pass(60_000);
    }
    const times = (seconds: number) => source.asked.filter((one) => one === `spans ${seconds}`).length;
    expect([times(86_400), times(2_592_000)]).toEqual([60, 3]);
  });

  test('counts meanwhile: a count that takes long keeps nobody waiting', async () => {
    let fail: (error: Error) => void = () => undefined;
    const counting = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const dashboard = createDashboard(aSource({ backlog: () => counting }), open);
    expect(await body(await dashboard(get('/api/now')))).toMatchObject({ strategies: [{ backlog: null }] });
    fail(new JobsweepError('STATEMENT_TIMEOUT', 'It took longer than 30 s'));
    await pass(0);
    expect(await body(await dashboard(get('/api/now')))).toMatchObject({
      strategies: [{ backlog: { problem: { code: 'STATEMENT_TIMEOUT' } } }],
    });
  });

  test('is left alone for seconds where it does not answer, and then asked again', async () => {
    const strategies = vi.fn(() =>
      Promise.reject(new JobsweepError('CONNECTION_LOST', 'connect postgres://ann:geheim@db/x refused')),
    );
    const dashboard = createDashboard(aSource({ strategies }), open);
    for (let time = 0; time < 5; time += 1) {
      const response = await dashboard(get('/api/now'));
      expect(response.status).toBe(503);
      const text = await response.text();
      expect(text).toContain('CONNECTION_LOST');
      expect(text).not.toContain('geheim');
    }
    expect(strategies).toHaveBeenCalledTimes(1);
    await pass(5000);
    await dashboard(get('/api/now'));
    expect(strategies).toHaveBeenCalledTimes(2);
  });

  test('is asked for no more than 120 made-up questions in a minute', async () => {
    const source = aSource();
    const dashboard = createDashboard(source, open);
    const statuses: number[] = [];
    for (let number = 0; number < 130; number += 1) {
      statuses.push((await dashboard(get(`/api/passes?before=${number}`))).status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    expect(source.asked).toHaveLength(120);
    await pass(60_000);
    expect((await dashboard(get('/api/passes?before=1'))).status).toBe(200);
  });
});

describe('an answer', () => {
  test.each([
    ['/api/history?range=year', 400],
    ['/api/pass?id=8', 404],
    ['/api/changes?id=7', 404],
    ['/api/', 404],
    ['/api/toString', 404],
    ['/api/now/', 404],
    ['/nothing', 404],
    ['/../package.json', 404],
    ['/assets/../index.js', 404],
  ])('to %s is %i', async (path, status) => {
    expect((await createDashboard(aSource(), open)(get(path))).status).toBe(status);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('to %s is that nothing is changed here', async (method) => {
    const source = aSource();
    const response = await createDashboard(source, open)(get('/api/now', {}, method));
    expect([response.status, response.headers.get('allow'), source.asked]).toEqual([405, 'GET, HEAD', []]);
  });

  test('hides nothing of what strangers have written, and is never kept', async () => {
    const note = 'a\u202eb\u0007\u001b[2J<img src=x onerror=alert(1)>';
    const passes = () => Promise.resolve([aPass({ note })]);
    const response = await createDashboard(aSource({ passes }), open)(get('/api/passes'));
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toMatchObject({
      passes: [{ note: 'a\\u{202e}b\\u{7}\\u{1b}[2J<img src=x onerror=alert(1)>' }],
    });
  });

  test('has a page of the rows that a pass changed, and says whether there are more', async () => {
    const all = Array.from({ length: 150 }, (_none, index) => ({
      ...{ id: String(index), table: 'jobs', rowId: String(index), jobId: String(index), undoneAt: null },
      ...{ before: { state: 'RUNNING' }, after: { state: 'FAILED' } },
    }));
    const dashboard = createDashboard(
      aSource({
        changes: async (_pass, { after, limit = 100 }) => {
          const from = after === undefined ? 0 : Number(after.id) + 1;
          return all.slice(from, from + limit);
        },
      }),
      open,
    );
    const first = await body(await dashboard(get('/api/changes?id=7')));
    expect([(first.changes as unknown[]).length, first.hasMore]).toEqual([100, true]);
    const second = await body(await dashboard(get('/api/changes?id=7&after=99')));
    expect([(second.changes as unknown[]).length, second.hasMore]).toEqual([50, false]);
    expect((await dashboard(get('/api/changes?id=8'))).status).toBe(404);
  });

  test('tells how many rows a pass changed, and how many were taken back', async () => {
    const counts = { rows: 7, deleted: 0, undone: 7 };
    const keeping = { changes: async () => [], changeCounts: async () => counts };
    expect(await body(await createDashboard(aSource(keeping), open)(get('/api/pass?id=7')))).toMatchObject({ counts });
    expect(await body(await createDashboard(aSource(), open)(get('/api/pass?id=7')))).toMatchObject({ counts: null });
  });
});
