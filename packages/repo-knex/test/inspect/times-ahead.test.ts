import { type SchemaFinding, STRATEGY_NAMES } from '@jobsweep/core';
import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import { beforeAll, describe, expect, test } from 'vitest';
import { useCluster } from './support/clusters.js';
import { diagnosisOf } from './support/diagnosis.js';

const MINUTE_MS = 60_000;

describe.each(enginesOfRun())('times ahead of the clock of %s', (engine) => {
  const kinds = [
    {
      name: 'stuck_job_cleanup',
      path: 'schema.jobs.columns.startTime',
      column: ['jobs', 'start_time'],
      rows: (id: string, time: string) => ({ jobs: [{ id, state: 'RUNNING', startTime: time }] }),
    },
    {
      name: 'old_job_cleanup',
      path: 'schema.jobs.columns.endTime',
      column: ['jobs', 'end_time'],
      rows: (id: string, time: string) => ({
        jobs: [{ id, state: Number(id) % 2 ? 'FAILED' : 'COMPLETED', endTime: time }],
      }),
    },
    {
      name: 'stale_reservation_cleanup',
      path: 'schema.allocations.columns.allocationTime',
      column: ['resource_allocations', 'allocation_time'],
      rows: (id: string, time: string) => ({
        jobs: [{ id, state: 'PENDING' }],
        allocations: [{ id, jobId: id, status: 'RESERVED', allocationTime: time }],
      }),
    },
  ] as const;

  type Kind = (typeof kinds)[number];

  /** Rows whose time lies an hour ahead or behind, or four minutes ahead. */
  async function seed(
    cluster: ReturnType<typeof useCluster>,
    { rows }: Kind,
    counts: { ahead?: number; behind?: number; nearly?: number },
  ): Promise<void> {
    const now = Date.parse(await cluster.now());
    const at = (minutes: number) => new Date(now + minutes * MINUTE_MS).toISOString().replace('Z', '000Z');
    const { ahead = 0, behind = 0, nearly = 0 } = counts;
    const times = [
      ...Array<string>(ahead).fill(at(60)),
      ...Array<string>(behind).fill(at(-60)),
      ...Array<string>(nearly).fill(at(4)),
    ];
    const each = times.map((time, index) => rows(String(index + 1), time));
    await cluster.seed({
      jobs: each.flatMap(({ jobs }) => [...jobs]),
      allocations: each.flatMap((one) => ('allocations' in one ? [...one.allocations] : [])),
    });
  }

  const brief = (findings: readonly SchemaFinding[]) =>
    findings.map(({ path, severity, strategies, mistake }) => ({ path, severity, strategies, mistake }));

  describe('that an index of the strategies has in order', () => {
    const cluster = useCluster(engine);
    beforeAll(async () => {
      const diagnosis = diagnosisOf(cluster.store());
      for (const advice of await diagnosis.indexes(STRATEGY_NAMES)) await diagnosis.createIndex(advice);
    });

    describe.each(kinds.map((kind) => [kind.name, kind] as const))('are for %s', (name, kind) => {
      test.each([
        ['a mistake where they are most of the newest hundred', { ahead: 51, behind: 80 }, 'error', 100, 51],
        ['a mistake where there are no others', { ahead: 3 }, 'error', 3, 3],
        ['a warning where they are half of them', { ahead: 50, behind: 80 }, 'warning', 100, 50],
        ['a warning where they are fewer', { ahead: 1, behind: 3 }, 'warning', 4, 1],
      ] as const)('%s', async (_what, counts, severity, rows, ahead) => {
        await seed(cluster, kind, counts);
        const mistake = { kind: 'ahead', rows, ahead };
        expect(brief(await cluster.store().inspect.schema())).toEqual([
          { path: kind.path, severity, strategies: [name], mistake },
        ]);
      });

      test('nothing within five minutes, and where nothing is there', async () => {
        expect(await cluster.store().inspect.schema()).toEqual([]);
        await seed(cluster, kind, { nearly: 120 });
        expect(await cluster.store().inspect.schema()).toEqual([]);
      });
    });

    test('are told beside other mistakes, and not of columns that are mistaken themselves', async () => {
      await seed(cluster, kinds[0], { ahead: 2 });
      const columns = { exitCode: 'code' };
      expect((await cluster.store({ schema: { jobs: { columns } } }).inspect.schema()).map(({ path }) => path)).toEqual(
        ['schema.jobs.columns.exitCode', 'schema.jobs.columns.startTime'],
      );
      const wrong = { startTime: { column: 'start_time', codec: 'epochMillis' } } as const;
      expect(brief(await cluster.store({ schema: { jobs: { columns: wrong } } }).inspect.schema())).toMatchObject([
        { path: 'schema.jobs.columns.startTime', mistake: { kind: 'type' } },
      ]);
    });

    test('are those of the heartbeat where there is one', async () => {
      await seed(cluster, kinds[0], { ahead: 2 });
      expect(await cluster.store({ filters: { ageColumn: 'heartbeat' } }).inspect.schema()).toEqual([]);
    });
  });

  describe('that an index of somebody else has in order', () => {
    const cluster = useCluster(engine);

    test.each(kinds.map((kind) => [kind.path, kind] as const))('%s', async (path, kind) => {
      await seed(cluster, kind, { ahead: 60, behind: 60 });
      // Without one, looking would take the whole table.
      expect(await cluster.store().inspect.schema()).toEqual([]);
      const [table, column] = kind.column;
      await cluster.knex.raw('create index theirs on ?? (??)', [table, column]);
      const found = await cluster.store().inspect.schema();
      await cluster.knex.raw(engine === 'postgres' ? 'drop index theirs' : `drop index theirs on ${table}`);
      expect(brief(found)).toMatchObject([{ path, severity: 'error', mistake: { rows: 100, ahead: 60 } }]);
    });
  });
});
