import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import { describe, expect, test } from 'vitest';
import { useCluster } from './support/clusters.js';

/** What knex does with connections. */
interface Pool {
  acquireConnection(): Promise<unknown>;
  destroyRawConnection(connection: unknown): Promise<void>;
  releaseConnection(connection: unknown): Promise<void>;
}

describe.each(enginesOfRun())('inspect.diagnosis.oldSnapshots on %s', (engine) => {
  const cluster = useCluster(engine);
  const isPostgres = engine === 'postgres';

  /** What is said of a session while it is in a transaction at some level, and has read something there. */
  async function saidOfReaderAt(level: string) {
    const { knex } = cluster;
    const pool = knex.client as Pool;
    const connection = await pool.acquireConnection();
    const run = (statement: string) => knex.raw(statement).connection(connection);
    try {
      if (!isPostgres) await run(`set session transaction isolation level ${level}`);
      await run(isPostgres ? `begin isolation level ${level}` : 'begin');
      const said: unknown = await run(`select ${isPostgres ? 'pg_backend_pid()' : 'connection_id()'} as id from jobs`);
      const rows = isPostgres ? (said as { rows: { id: number }[] }).rows : (said as { id: number }[][])[0];
      const id = String(rows?.[0]?.id);
      const found = (await cluster.store().inspect.diagnosis?.oldSnapshots()) ?? [];
      return found.filter(({ holder }) => holder.startsWith(`session ${id}`));
    } finally {
      await run('rollback');
      await pool.destroyRawConnection(connection);
      await pool.releaseConnection(connection);
    }
  }

  test('names a session that keeps a view of the data as it was', async () => {
    await cluster.seed({ jobs: [{ id: '1', state: 'PENDING' }] });
    expect(await saidOfReaderAt('repeatable read')).toEqual([
      { holder: expect.stringMatching(/^session \d+/), ageSeconds: expect.any(Number) },
    ]);
  });

  test('does not name one that reads anew with each statement', async () => {
    await cluster.seed({ jobs: [{ id: '1', state: 'PENDING' }] });
    expect(await saidOfReaderAt('read committed')).toEqual([]);
  });
});
