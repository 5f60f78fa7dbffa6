import type { SchemaOptions } from '@jobsweep/core';
import { expect, test } from 'vitest';
import { describeOnEngines } from '../support/on-engines.js';

const columns = { errorMsg: { column: 'result', json: { ok: false, message: { text: 'errorMsg' } } } } as const;
const SCHEMA: SchemaOptions = {
  jobs: { columns: { ...columns, exitCode: { column: 'code', number: 'exitCode' } } },
  allocations: null,
};

describeOnEngines(
  'what a repair says',
  ({ time, json }) => ({
    jobs: `id int primary key, name varchar(40), state varchar(40), start_time ${time}, end_time ${time}, result ${json}, code smallint`,
  }),
  (of) => {
    const fail = async (schema: SchemaOptions, message: string, code?: string) => {
      await of.knex('jobs').insert({ id: 1, state: 'RUNNING', start_time: '2020-01-01 00:00:00' });
      return of.within({ schema }, async (repository, trx) =>
        repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), message, code),
      );
    };

    test('is written as JSON and as a number, and read back as its text', async () => {
      const [failed] = await fail(SCHEMA, 'It\'s "stuck"', '137:9');
      expect(JSON.parse(failed?.errorMsg ?? '')).toEqual({ ok: false, message: 'It\'s "stuck"' });
      expect(failed?.exitCode).toBe('137');
      const { result, code } = await of.row('jobs', { id: 1 });
      expect(typeof result === 'string' ? (JSON.parse(result) as unknown) : result).toEqual({
        ok: false,
        message: 'It\'s "stuck"',
      });
      expect(code).toBe(137);
    });

    test('is NULL where a number is wanted of a code that begins with none', async () => {
      expect(await fail(SCHEMA, 'Stuck', 'OOM')).toMatchObject([{ exitCode: null }]);
      expect(await of.row('jobs', { id: 1 })).toMatchObject({ code: null, state: 'FAILED' });
    });

    test('may be one of both alone', async () => {
      const schema = { ...SCHEMA, jobs: { columns: { ...SCHEMA.jobs?.columns, errorMsg: null } } };
      expect(await fail(schema, 'Stuck')).toMatchObject([{ errorMsg: null, exitCode: '-2' }]);
      expect(await of.row('jobs', { id: 1 })).toMatchObject({ result: null, code: -2 });
    });

    test('has to fit its column', async () => {
      expect(await of.store({ schema: SCHEMA }).inspect.schema()).toEqual([]);
      const swapped = {
        errorMsg: { column: 'start_time', json: { text: 'errorMsg' } },
        exitCode: { column: 'name', number: 'exitCode' },
      } as const;
      const found = await of.store({ schema: { jobs: { columns: swapped }, allocations: null } }).inspect.schema();
      expect(found.map(({ path, problem }) => [path, problem])).toEqual([
        ['schema.jobs.columns.errorMsg', expect.stringMatching(/^The column is of type .*, which holds no JSON$/)],
        ['schema.jobs.columns.exitCode', expect.stringMatching(/^The column is of type .*, which holds no number$/)],
      ]);
    });
  },
);
