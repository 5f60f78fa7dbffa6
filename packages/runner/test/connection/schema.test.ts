import { type SchemaFinding, schemaFinding } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { aStrategy, fakeStore, recordingLogger } from '../support/fakes.js';
import { statuses } from '../support/reports.js';

const findings: SchemaFinding[] = [
  {
    path: 'schema.jobs.columns.state',
    problem: 'Table "jobs" has no column "state"',
    fix: 'Set schema.jobs.columns.state',
  },
  { path: 'schema.allocations.table', problem: 'There is no table "held"', fix: 'Set schema.allocations.table' },
];

describe('The first round', () => {
  test('rejects with all that does not fit, and a fix for each', async () => {
    const { store, transactions } = fakeStore(findings);
    const runner = createRunner({ store, strategies: [aStrategy('a')] });
    await expect(runner.runOnce()).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      message: [
        'The mapping does not fit the tables:',
        '- schema.jobs.columns.state: Table "jobs" has no column "state". Set schema.jobs.columns.state.',
        '- schema.allocations.table: There is no table "held". Set schema.allocations.table.',
      ].join('\n'),
    });
    expect(transactions).toEqual([]);
  });

  test('rejects a dry run too', async () => {
    const { store } = fakeStore(findings);
    const runner = createRunner({ store, strategies: [aStrategy('a')] });
    await expect(runner.runOnce({ dryRun: true })).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' });
  });

  test('is tried again by the same runner, which works once the tables fit', async () => {
    const { store, schema } = fakeStore(findings);
    const runner = createRunner({ store, strategies: [aStrategy('a')] });
    await expect(runner.runOnce()).rejects.toThrow();
    schema.mockRejectedValueOnce(new Error('no connection'));
    await expect(runner.runOnce()).rejects.toThrow('no connection');
    schema.mockResolvedValue([]);
    expect(statuses(await runner.runOnce())).toEqual({ a: 'done' });
  });

  test('looks at the schema once, for all rounds after it and for two at once', async () => {
    const { store, schema } = fakeStore();
    const runner = createRunner({ store, strategies: [aStrategy('a')] });
    await Promise.all([runner.runOnce(), runner.runOnce()]);
    await runner.runOnce();
    expect(schema).toHaveBeenCalledTimes(1);
  });

  describe('with a time that lies ahead', () => {
    const ahead: SchemaFinding = {
      severity: 'error',
      strategies: ['stuck_job_cleanup'],
      path: 'schema.jobs.columns.startTime',
      problem: '60 of the 100 newest times lie ahead',
      fix: 'Set its codec',
    };
    const rules = {
      stuck: { name: 'stuck_job_cleanup', maxAgeHours: 48 },
      old: { name: 'old_job_cleanup', maxAgeDays: 30 },
    } as const;
    const strategies = (['stuck', 'old'] as const).map((name) => ({ ...aStrategy(name), rule: rules[name] }));

    test('rejects where a strategy takes part that goes by it, and works where none does', async () => {
      const runner = createRunner({ store: fakeStore([ahead]).store, strategies, breaker: false });
      expect(statuses(await runner.runOnce({ only: ['old'] }))).toMatchObject({ old: 'done' });
      await expect(runner.runOnce()).rejects.toMatchObject({
        code: 'SCHEMA_MISMATCH',
        message: expect.stringContaining('startTime: 60 of the 100 newest times lie ahead'),
      });
    });

    test('warns where it is no mistake, once', async () => {
      const logger = recordingLogger();
      const { store } = fakeStore([{ ...ahead, severity: 'warning' }]);
      const runner = createRunner({ store, strategies, logger });
      await runner.runOnce();
      await runner.runOnce();
      expect(logger.lines.filter((line) => line.startsWith('warn'))).toEqual([
        'warn schema.jobs.columns.startTime: 60 of the 100 newest times lie ahead. Set its codec.',
        expect.stringContaining('Working alone'),
      ]);
    });
  });

  describe('on a server where nothing can be written without harm', () => {
    const writers = schemaFinding('multiWriter', { kind: 'writers', cluster: 'Galera', nodes: 3 });
    const storage = schemaFinding('schema.jobs.table', { kind: 'storage', table: 'jobs', engine: 'MyISAM' });
    const strategies = [aStrategy('a')];

    test('rejects before anything is written, and says that before all that does not fit', async () => {
      const { store, transactions } = fakeStore([...findings, storage, writers]);
      const runner = createRunner({ store, strategies });
      await expect(runner.runOnce()).rejects.toMatchObject({
        code: 'ENGINE_UNSUPPORTED',
        message: [
          'Nothing can be written here without harm:',
          '- schema.jobs.table: Table "jobs" is kept by MyISAM, which has neither transactions nor locks of rows. Move it to another storage engine: ALTER TABLE jobs ENGINE = InnoDB.',
          "- multiWriter: 3 nodes of this cluster (Galera) take writes, and none knows the locks of the others. Let jobsweep and all workers write through one node, and then say so: multiWriter: 'accepted'.",
        ].join('\n'),
      });
      expect(transactions).toEqual([]);
    });

    test('works with several nodes that take writes where people say that one does, warns, and looks in any case', async () => {
      const { store } = fakeStore([writers]);
      await expect(createRunner({ store, strategies }).runOnce()).rejects.toMatchObject({ code: 'ENGINE_UNSUPPORTED' });
      expect(statuses(await createRunner({ store, strategies }).runOnce({ dryRun: true }))).toEqual({ a: 'planned' });
      const logger = recordingLogger();
      const runner = createRunner({ store, strategies, logger, multiWriter: 'accepted' });
      expect(statuses(await runner.runOnce())).toEqual({ a: 'done' });
      expect(logger.lines.filter((line) => line.includes('Galera'))).toEqual([
        expect.stringMatching(/^warn multiWriter: 3 nodes/),
      ]);
      expect(() => createRunner({ store, strategies, multiWriter: 'yes' as 'accepted' })).toThrow('multiWriter');
    });
  });
});
