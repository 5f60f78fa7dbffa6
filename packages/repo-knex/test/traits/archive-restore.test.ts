import { OldJobCleanupStrategy, planRestore, Restore, runPass } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { ARCHIVE, describeArchives, SCHEMA, TABLES_THEMSELVES } from '../support/archives.js';

describeArchives(
  'the archive, where keys are used again or jobs come back,',
  ({ knex, purge, rowsOf, count, insertJob }) => {
    test('has what hung on the row that was deleted last alone, where a key is used again: of a job, or of what hung on it', async () => {
      await purge();
      for (const id of ['1', '4']) await insertJob(id, 'COMPLETED');
      await knex()('logs').insert([
        { id: 11, job_id: 1, text: 'new' },
        { id: 20, job_id: 4, text: 'new' },
      ]);
      await knex()('log_lines').insert([11, 20].map((log_id) => ({ log_id, no: 2, line: 'new' })));
      const before = await rowsOf(TABLES_THEMSELVES);
      expect(await purge()).toMatchObject({ itemsCleaned: 2, itemsBlocked: 0 });
      const kept = async (table: string, ...columns: readonly string[]) =>
        (
          await knex()(table)
            .select(columns)
            .orderBy(columns.map((column) => ({ column })))
        ).map((row: object) => Object.values(row).map(Number));
      expect(await kept(ARCHIVE.jobs, 'id')).toEqual([[1], [2], [4]]);
      expect(await kept(ARCHIVE.logs, 'id', 'job_id')).toEqual([
        [11, 1],
        [20, 4],
      ]);
      expect(await kept(ARCHIVE.log_lines, 'log_id', 'no')).toEqual([
        [11, 2],
        [20, 2],
      ]);
      const store = knexStore(knex(), { schema: SCHEMA });
      expect(await runPass(store, new Restore(store, { jobs: ['1', '4'] }))).toMatchObject({ itemsCleaned: 2 });
      expect(await rowsOf(TABLES_THEMSELVES)).toEqual(before);
    });

    test('has what hung on the job that was deleted last alone, however much hung on it and on the one before', async () => {
      const many = (from: number) =>
        Array.from({ length: 5001 }, (_row, index) => ({ id: from + index, job_id: 1, text: '' }));
      for (const from of [100, 10_000]) {
        await knex().batchInsert('logs', many(from), 1000);
        if (from > 100) await insertJob('1', 'COMPLETED');
        expect(await purge()).toMatchObject({ itemsBlocked: 0, itemsContended: 0, stopReason: 'drained' });
      }
      expect(await count('jobs', 'logs', 'old jobs')).toEqual([1, 1, 2]);
      const [kept] = await knex()('old_logs').where({ job_id: 1 }).count({ n: '*' }).min({ first: 'id' });
      expect([Number(kept?.n), Number(kept?.first)]).toEqual([5001, 10_000]);
      expect(await count(ARCHIVE.resource_allocations, ARCHIVE.log_lines)).toEqual([1, 2]);
    });

    test('gives back no job whose id only begins like the one that was asked for', async () => {
      await purge();
      const store = knexStore(knex(), { schema: SCHEMA });
      const found = store.transaction(async (session) => (await store.archive?.findJobs(session, ['1,7'])) ?? []);
      // Where such a text is no number, the database says so.
      expect(await found.catch(() => [])).toEqual([]);
    });

    test('gives a job back whole or not at all: a key that is taken anywhere keeps all of it, until it is free', async () => {
      const before = await rowsOf(TABLES_THEMSELVES);
      await purge();
      await knex()('logs').insert({ id: 99, job_id: 3, text: 'other' });
      await knex()('logs').insert({ id: 10, job_id: 3, text: 'other' });
      await knex()('log_lines').insert({ log_id: 10, no: 1, line: 'other' });
      const store = knexStore(knex(), { schema: SCHEMA });
      const staying = {
        rows: 2,
        first: [
          { table: 'logs', rowId: '10' },
          { table: 'log_lines', rowId: '["10","1"]' },
        ],
      };
      expect(await planRestore(store, {})).toEqual({ restored: 1, staying });
      const restore = new Restore(store);
      const pass = await runPass(store, restore, { onBatch: restore.settled });
      expect(pass).toMatchObject({ itemsCleaned: 1, itemsBlocked: 0, stopReason: 'drained' });
      expect(restore.staying).toEqual(staying);
      expect(await count(...Object.values(ARCHIVE))).toEqual([1, 1, 1, 2]);

      await knex()('log_lines').where({ line: 'other' }).delete();
      await knex()('logs').where({ text: 'other' }).delete();
      expect(await planRestore(store, {})).toEqual({ restored: 1, staying: { rows: 0, first: [] } });
      expect(await runPass(store, new Restore(store))).toMatchObject({ itemsCleaned: 1, itemsBlocked: 0 });
      expect(await rowsOf(TABLES_THEMSELVES)).toEqual(before);
      expect(await count(...Object.values(ARCHIVE))).toEqual([0, 0, 0, 0]);
    });

    test('gives back what one pass has deleted', async () => {
      const store = knexStore(knex(), { schema: SCHEMA });
      await store.ownTables.create();
      const claimed = async () => {
        const answer = await store.claims.acquire({ strategy: 'old_job_cleanup', holder: 'me', termSeconds: 60 });
        if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
        return answer.claim;
      };
      const passes: string[] = [];
      for (let pass = 0; pass < 2; pass += 1) {
        const claim = await claimed();
        passes.push(claim.pass);
        await runPass(store, new OldJobCleanupStrategy(store.repository), { claim, batchRows: 1, maxRows: 1 });
        await store.claims.release(claim, { empty: false, place: null });
      }
      expect(await count('jobs', 'old jobs')).toEqual([1, 2]);
      const restore = new Restore(store, { pass: passes[1] ?? '' });
      expect(await planRestore(store, { pass: passes[0] ?? '', jobs: ['2'] })).toMatchObject({ restored: 0 });
      expect(await runPass(store, restore, { onBatch: restore.settled })).toMatchObject({ itemsCleaned: 1 });
      expect((await knex()('jobs').orderBy('id').pluck<string[]>('id')).map(String)).toEqual(['2', '3']);
      expect(await count('logs', 'old_logs', 'log_lines', 'log_lines_archive')).toEqual([2, 1, 4, 2]);
    });
  },
);
