import { createStrategies, type KeptChanges, runPass, Undo } from '@jobsweep/core';
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
      ended bigint not null, result ${json}, note text, version int not null, changed_at ${time}`,
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
    const pass = async (changes: KeptChanges = true) => {
      const store = of.store(OPTIONS);
      await store.ownTables.create();
      const [strategy] = createStrategies(store).filter(({ name }) => name === STUCK);
      const answer = await store.claims.acquire({ strategy: STUCK, holder: 'me', termSeconds: 600, changes });
      if (strategy === undefined || answer.outcome !== 'claimed') throw new Error('There is no turn');
      const { error, itemsCleaned } = await runPass(store, strategy, { claim: answer.claim, pauseFraction: 0 });
      if (error !== undefined) throw error;
      await store.claims.release(answer.claim, { empty: false, unfinished: true, place: null });
      return { store, itemsCleaned, of: { pass: answer.claim.pass, strategy: STUCK } };
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
  },
);
