import { createStrategies, type FilterOptions, type JobState, runPass, type StatesOption } from '@jobsweep/core';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { typeormStore } from '../../src/index.js';
import { dataSourceOf, onEach } from '../support/data-source.js';
import { ownEntities, ownOptions, SnakeNaming } from '../support/own-entities.js';

const NOW = new Date('2026-02-10T12:00:00.000Z');
const clock = { now: () => NOW };
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

describe.each(onEach)("The user's own entities in $release TypeORM on $engine", ({ release, engine }) => {
  const isPostgres = engine === 'postgres';
  const database = freshDatabase('own-entities', engine);
  const other = freshDatabase('own-entities-elsewhere', engine);
  let entities: ReturnType<typeof ownEntities>;
  let dataSource: DataSource;
  let place: string;

  beforeAll(async () => {
    place = isPostgres ? 'batch' : other.name;
    entities = ownEntities(isPostgres ? { schema: place } : { database: place });
    const options = { entities: Object.values(entities), entityPrefix: 'app_', namingStrategy: new SnakeNaming() };
    dataSource = await dataSourceOf(engine, database.url, { release, ...options }).initialize();
    if (isPostgres) await dataSource.query('create schema batch');
    await dataSource.synchronize();
  });
  beforeEach(async () => {
    const work = (number: number, phase: string, started: Date | null, ended: Date | null) =>
      `(${number}, 'w${number}', '${phase}', ${text(started)}, ${text(ended)}, '2020-01-01', 1)`;
    const text = (time: Date | null) =>
      time === null ? 'null' : `'${time.toISOString().replace('T', ' ').replace('Z', '')}'`;
    await dataSource.query(`delete from ${place}.app_booking`);
    await dataSource.query(`delete from ${place}.app_work`);
    await dataSource.query(
      `insert into ${place}.app_work (number, title, phase, period_started_at, period_ended_at, updated_at, version) values
        ${work(1, 'completed', ago(3), ago(2))}, ${work(2, 'running', ago(1), null)}, ${work(3, 'running', ago(72), null)},
        ${work(4, 'running', ago(1), null)}, ${work(5, 'cancelled', ago(999), ago(998))}`,
    );
    const booking = (number: number, phase: number, since: Date) =>
      `('00000000-0000-0000-0000-00000000000${number}', ${number}, ${phase}, ${since.getTime()}, '2020-01-01', 1)`;
    await dataSource.query(
      `insert into ${place}.app_booking (id, work_number, phase, since, changed_at, revision) values
        ${booking(1, 2, ago(3))}, ${booking(2, 1, ago(1))}, ${booking(3, 2, ago(72))}, ${booking(4, 2, ago(1))},
        ${booking(5, 9, ago(999))}`,
    );
  });
  afterAll(() => dataSource.destroy());

  const store = (states?: StatesOption<JobState>, filters?: FilterOptions) => {
    const { schema, ...options } = ownOptions(entities);
    const jobs = { ...schema.jobs, ...(states && { states }) };
    return typeormStore(dataSource, { ...options, schema: { ...schema, jobs }, clock, ...(filters && { filters }) });
  };
  const cleanedByAll = async (own = store()) => {
    const cleaned: number[] = [];
    for (const strategy of createStrategies(own, { old_job_cleanup: { enabled: true } })) {
      cleaned.push((await runPass(own, strategy)).itemsCleaned);
    }
    return cleaned;
  };

  test('are mapped as they are: prefix, naming strategy, schema or database, embedded, relation, enum', async () => {
    const { inspect, repository, transaction } = store();
    expect(await inspect.schema()).toEqual([]);
    const [stuck] = await transaction((manager) => repository.getStuckJobs(manager, 48));
    expect(stuck).toMatchObject({ id: '3', name: 'w3', state: 'RUNNING', startTime: ago(72), exitCode: null });
  });

  test('are repaired, and their version and update columns follow', async () => {
    const cleaned = await cleanedByAll();
    expect(cleaned).toEqual([1, 1, 1, 1]);

    const [failed, current] = [{ phase: 'failed', version: 2 }, { version: 1 }];
    const works = await dataSource.query<Row[]>(`select * from ${place}.app_work order by number`);
    expect(works).toMatchObject([{ phase: 'completed', ...current }, failed, failed, { phase: 'running', ...current }]);
    const updated = await dataSource.query<Row[]>(
      `select number from ${place}.app_work where updated_at = '2026-02-10 12:00:00' order by number`,
    );
    expect(updated.map(({ number }) => Number(number))).toEqual([2, 3]);
    const bookings = await dataSource.query<Row[]>(
      `select phase, revision, until from ${place}.app_booking where changed_at = '2026-02-10 12:00:00' order by id`,
    );
    expect(bookings.map((row) => [row.phase, row.revision, Number(row.until)])).toEqual(
      [1, 2, 3].map(() => [9, 2, NOW.getTime()]),
    );
    expect(await dataSource.query(`select id from ${place}.app_booking where changed_at = '2020-01-01'`)).toHaveLength(
      1,
    );
  });

  test('that are softly deleted are neither seen nor touched, and a purge really deletes the others', async () => {
    const works = dataSource.getRepository(entities.Work);
    await works.softDelete(['1', '2', '3']);
    const before = await dataSource.query<Row[]>(`select * from ${place}.app_work where number < 4 order by number`);
    const cleaned = await cleanedByAll();
    expect(cleaned).toEqual([0, 0, 0, 1]);
    const after = await dataSource.query<Row[]>(`select * from ${place}.app_work where number <> 4 order by number`);
    expect(after).toEqual(before);
    await works.restore(['1', '2', '3']);
    await dataSource.getRepository(entities.Booking).softDelete({ work: { number: '1' } });
    expect(await cleanedByAll()).toEqual([1, 1, 1, 0]);
  });

  test('that were softly deleted long ago are really deleted where that is asked for', async () => {
    await dataSource.query(`update ${place}.app_work set phase = 'failed' where number in (3, 4)`);
    await dataSource.query(`update ${place}.app_work set deleted_at = '2026-01-01 00:00:00' where number = 5`);
    await dataSource.query(`update ${place}.app_work set deleted_at = '2026-02-01 00:00:00' where number = 4`);
    const { repository, transaction } = store(undefined, {
      ageFrom: { column: 'deleted_at', codec: 'utcDateTime' },
    });
    const deleted = await transaction(async (manager) =>
      repository.deleteJobsBatch(manager, await repository.getOldJobs(manager, 30)),
    );
    expect(deleted).toBe(1);
    const left = await dataSource.query<Row[]>(`select number from ${place}.app_work order by number`);
    expect(left.map(({ number }) => Number(number))).toEqual([1, 2, 3, 4]);
  });

  test('have an enum that tells the states of which the mapping says nothing', async () => {
    expect(await cleanedByAll(store({ COMPLETED: ['completed', 'pending'], CANCELLED: [] }))).toEqual([1, 1, 1, 0]);
    const phases = await dataSource.query<Row[]>(`select phase from ${place}.app_work order by number`);
    expect(phases.map(({ phase }) => phase)).toEqual(['completed', 'failed', 'failed', 'running', 'cancelled']);
  });

  test('that were read before a repair are known to be out of date', async () => {
    const [work] = await dataSource.getRepository(entities.Work).findBy({ number: '3' });
    const { repository, transaction } = store();
    await transaction(async (manager) =>
      repository.markJobsAsFailed(manager, await repository.getStuckJobs(manager, 48), 'Stuck'),
    );
    const again = dataSource
      .getRepository(entities.Work)
      .findOne({ where: { number: '3' }, lock: { mode: 'optimistic', version: Number(work?.version) } });
    await expect(again).rejects.toThrow(/version/);
  });
});

type Row = Readonly<Record<string, string | number | null>>;
