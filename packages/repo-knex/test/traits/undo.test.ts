import { createStrategies, type KeptChanges, type RequeueOption, runPass, Undo } from '@jobsweep/core';
import { expect, test } from 'vitest';
import type { KnexStoreOptions } from '../../src/index.js';
import { describeOnEngines } from '../support/on-engines.js';

const DAY = 86_400_000;
const BEGAN = new Date(Math.floor(Date.now() / 1000) * 1000 - 5 * DAY);
const text = (time: Date) => time.toISOString().slice(0, 19).replace('T', ' ');
/** With what JSON, arrays and SQL have words for. */
const ODD = `it's "2" \\ {3,null} ü`;
const STUCK = 'stuck_job_cleanup';
/** More than one statement adds. */
const MANY = 1200;

/** A queue with a version, a JSON result and an end in milliseconds; and what its jobs hold by rack and slot. */
const OPTIONS: KnexStoreOptions = {
  schema: {
    jobs: {
      table: 'work',
      columns: {
        id: ['tenant', 'number'],
        name: 'title',
        startTime: { column: 'began', codec: 'epochMillis' },
        endTime: { column: 'ended', codec: 'epochMillis', unset: [0] },
        errorMsg: { column: 'result', json: { error: { text: 'errorMsg' } } },
        exitCode: null,
      },
    },
    allocations: {
      table: 'held',
      columns: { jobId: ['tenant', 'number'], allocationTime: 'since', releasedTime: null, resource: ['rack', 'slot'] },
    },
  },
  touch: { jobs: { increment: ['version'], now: ['changed_at'] } },
};

describeOnEngines(
  'what a pass has changed',
  ({ time, json }) => ({
    work: `tenant varchar(40), number int, primary key (tenant, number), title varchar(80), state varchar(40) not null, began bigint,
      ended bigint not null, result ${json}, note text, version int not null, changed_at ${time},
      beat ${time}, tries int, run_after ${time}`,
    held: `id int primary key, tenant varchar(40), number int, status varchar(40), since ${time}, rack varchar(40), slot int`,
  }),
  (of) => {
    const insert = (count: number) =>
      of.knex.batchInsert(
        'work',
        Array.from({ length: count }, (_each, number) => ({
          ...{ tenant: ODD, number, title: ODD, state: 'RUNNING', began: BEGAN.getTime(), ended: 0, version: 7 },
          ...{
            result: number % 20 === 0 ? JSON.stringify({ tries: number, said: ODD }) : null,
            note: ODD,
            changed_at: text(BEGAN),
          },
        })),
        500,
      );
    const hold = (count: number) =>
      of.knex.batchInsert(
        'held',
        Array.from({ length: count }, (_each, number) => ({
          ...{ id: number, tenant: ODD, number, status: 'ALLOCATED', since: text(BEGAN), rack: ODD, slot: number },
        })),
        500,
      );
    /** A turn of its own. */
    const claimed = async ({ claims }: ReturnType<typeof of.store>, changes: KeptChanges = true) => {
      const answer = await claims.acquire({ strategy: STUCK, holder: 'me', termSeconds: 600, changes });
      if (answer.outcome !== 'claimed') throw new Error('There is no turn');
      return { ...answer.claim, place: null };
    };
    const pass = async (
      changes: KeptChanges = true,
      { options = OPTIONS, requeue }: { readonly options?: KnexStoreOptions; readonly requeue?: RequeueOption } = {},
    ) => {
      const store = of.store(options);
      await store.ownTables.create();
      const strategies = createStrategies(store, { [STUCK]: { ...(requeue && { requeue }) } });
      const [strategy] = strategies.filter(({ name }) => name === STUCK);
      const claim = await claimed(store, changes);
      if (strategy === undefined) throw new Error('There is no such strategy');
      const { error, itemsCleaned } = await runPass(store, strategy, { claim, pauseFraction: 0 });
      if (error !== undefined) throw error;
      await store.claims.release(claim, { empty: false, unfinished: true, place: null });
      return { store, itemsCleaned, of: { pass: claim.pass, strategy: STUCK } };
    };
    const rows = async () => ({
      work: await of.knex('work').select('*').orderBy(['tenant', 'number']),
      held: await of.knex('held').select('*').orderBy('id'),
    });
    const without = (all: Awaited<ReturnType<typeof rows>>) => ({
      ...all,
      work: all.work.map(({ version: _version, changed_at: _changedAt, ...row }: Record<string, unknown>) => row),
    });

    test('comes back to the letter, many rows of it, and the version goes on', async () => {
      await insert(MANY);
      await hold(MANY);
      const before = await rows();
      const { store, itemsCleaned, of: made } = await pass();
      expect(itemsCleaned).toBe(MANY);
      expect(await of.knex('work').where({ state: 'FAILED', version: 8 })).toHaveLength(MANY);
      expect(await of.knex('held').where({ status: 'RELEASED' })).toHaveLength(MANY);
      expect(await store.changes.count(made)).toEqual({ rows: 2 * MANY, deleted: 0, undone: 0 });

      const undo = new Undo(store.changes, made);
      const { error, itemsCleaned: undone } = await runPass(store, undo, { onBatch: undo.settled, pauseFraction: 0 });
      expect({ error, undone, left: undo.left.list() }).toEqual({ error: undefined, undone: 2 * MANY, left: [] });
      expect(without(await rows())).toEqual(without(before));
      expect(await of.knex('work').where({ version: 9 })).toHaveLength(MANY);
      expect(await of.knex('work').where('changed_at', '>', text(BEGAN))).toHaveLength(MANY);
    });

    test('stays where a text of it was too long to be kept, and where the application has raised the version', async () => {
      await insert(3);
      await of
        .knex('work')
        .where({ number: 1 })
        .update({ result: JSON.stringify('x'.repeat(2500)) });
      const { store, of: made } = await pass();
      await of.knex('work').where({ number: 2 }).increment('version', 1);
      const before = await rows();
      const undo = new Undo(store.changes, made);
      await runPass(store, undo, { onBatch: undo.settled });
      const left = undo.left.list().map(({ reason, first }) => [reason, first.map(({ rowId }) => rowId)]);
      expect(left).toEqual([
        ['cut', [JSON.stringify([ODD, '1'])]],
        ['moved', [JSON.stringify([ODD, '2'])]],
      ]);
      const after = await rows();
      expect(after.work.slice(1)).toEqual(before.work.slice(1));
      expect(after.work[0]).toMatchObject({ state: 'RUNNING' });
    });

    test('comes back without the columns of which nothing was to be kept', async () => {
      await insert(1);
      const { store, of: made } = await pass({ without: ['result'] });
      const [change] = await store.changes.read(made);
      expect(Object.keys(change?.before ?? {}).sort()).toEqual(['changed_at', 'ended', 'state', 'version'].sort());
      const undo = new Undo(store.changes, made);
      await runPass(store, undo, { onBatch: undo.settled });
      const [row] = (await rows()).work as { result: unknown }[];
      expect(row).toMatchObject({ state: 'RUNNING', version: 9 });
      expect(JSON.stringify(row?.result)).toContain('exceeded the maximum run time');
    });

    test('stays where the column that tells its state was not to be kept', async () => {
      await insert(1);
      await hold(1);
      const { store, of: made } = await pass({ without: ['state', 'status'] });
      const before = await rows();
      const undo = new Undo(store.changes, made);
      const { itemsCleaned } = await runPass(store, undo, { onBatch: undo.settled });
      expect(itemsCleaned).toBe(0);
      expect(undo.left.list()).toMatchObject([{ reason: 'withheld' }, { reason: 'jobMoved' }]);
      expect(await rows()).toEqual(before);
    });

    test('goes on in another process where it was interrupted between jobs with long messages and what they held', async () => {
      await insert(2);
      await hold(2);
      await of.knex('work').update({ note: 'x'.repeat(900) });
      const before = await rows();
      const { columns, ...jobs } = OPTIONS.schema?.jobs ?? {};
      const schema = { ...OPTIONS.schema, jobs: { ...jobs, columns: { ...columns, errorMsg: 'note' } } };
      const options = { ...OPTIONS, schema };
      const { of: made } = await pass(true, { options });
      for (const maxRows of [2, 100]) {
        const store = of.store(options);
        const claim = await claimed(store);
        const undo = new Undo(store.changes, made);
        const { itemsCleaned } = await runPass(store, undo, { claim, maxRows, onBatch: undo.settled });
        await store.claims.release(claim, { empty: false, unfinished: true, place: null });
        expect({ itemsCleaned, left: undo.left.list() }).toEqual({ itemsCleaned: 2, left: [] });
      }
      expect(without(await rows())).toEqual(without(before));
    });

    test('does not come back over what the database takes for the same resource', async () => {
      await insert(3);
      await hold(3);
      await of.knex('held').where({ id: 0 }).update({ rack: 'n1', slot: 7 });
      await of.knex('held').where({ id: 1 }).update({ rack: 'N1', slot: 7 });
      const { store, of: made } = await pass();
      const taken = { status: 'ALLOCATED', rack: 'N2', slot: 7 };
      await of.knex('held').insert({ id: 9, tenant: ODD, number: 2, ...taken });
      await of.knex('held').where({ id: 2 }).update({ rack: 'n2', slot: 7 });
      const [{ same }] = (await of.knex('held').where({ rack: 'n2' }).count({ same: '*' })) as [{ same: unknown }];
      const isSame = Number(same) === 2;
      const undo = new Undo(store.changes, made);
      await runPass(store, undo, { onBatch: undo.settled });
      const second = new Undo(store.changes, made);
      await runPass(store, second, { onBatch: second.settled });
      const statuses = (await rows()).held.map(({ status }: { status: string }) => status);
      const released = statuses.filter((status: string) => status === 'RELEASED');
      expect(released).toHaveLength(isSame ? 2 : 0);
      expect(statuses[2]).toBe(isSame ? 'RELEASED' : 'ALLOCATED');
    });

    test('gets back the time that giving it back had set', async () => {
      const options: KnexStoreOptions = {
        schema: { jobs: { ...OPTIONS.schema?.jobs }, allocations: null },
        filters: { ageColumn: 'beat' },
      };
      await insert(2);
      const planned = '2026-01-02 03:04:05.678901';
      await of.knex('work').update({ beat: text(BEGAN), tries: 0 });
      await of.knex('work').where({ number: 1 }).update({ run_after: planned });
      const before = await rows();
      const requeue = { triesColumn: 'tries', runAfterColumn: 'run_after', runAfterSeconds: 60 };
      const { store, of: made } = await pass(true, { options, requeue });
      const [first] = await store.changes.read(made);
      expect(first?.after).toMatchObject({ state: 'PENDING', run_after: expect.stringMatching(/^20.*Z$/) });
      const undo = new Undo(store.changes, made);
      await runPass(store, undo, { claim: await claimed(store), onBatch: undo.settled });
      expect(undo.left.list()).toEqual([]);
      expect(await rows()).toEqual(before);
    });
  },
);
