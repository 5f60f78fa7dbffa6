import type { ClientSession } from 'mongoose';
import { beforeAll, describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore, type UserModel } from '../src/index.js';
import { mongooseOf, RELEASES } from './support/connection.js';
import { has, OLD, useDatabase } from './support/database.js';

describe.runIf(has('mongodb')).each(RELEASES)('models of your own, on the %s mongoose,', (release) => {
  const { Schema } = mongooseOf(release);
  const database = useDatabase('mongodb', release);
  let jobs: UserModel & ReturnType<typeof models>['Job'];
  let allocations: UserModel & ReturnType<typeof models>['Hold'];

  const models = () => {
    const { connection } = database;
    const jobSchema = new Schema(
      {
        n: { type: String, alias: 'name' },
        phase: Number,
        startTime: Date,
        endTime: Date,
        errorMsg: String,
        fence: Number,
      },
      { timestamps: true, optimisticConcurrency: true },
    );
    const holdSchema = new Schema(
      { _id: String, job: Schema.Types.ObjectId, status: String, allocationTime: Date, releasedTime: Date },
      { timestamps: { createdAt: false, updatedAt: 'changed', currentTime: () => 1 }, discriminatorKey: 'kind' },
    );
    const Job = connection.model('BatchJob', jobSchema);
    const Hold = connection.model('Hold', holdSchema);
    return { Job, Hold };
  };
  const schema: NonNullable<MongoStoreOptions['schema']> = {
    jobs: {
      columns: { state: 'phase', exitCode: 'result.code' },
      states: { PENDING: 0, RUNNING: 1, COMPLETED: 2, FAILED: 3 },
    },
    allocations: { columns: { jobId: 'job' } },
  };
  const store = (options: MongoStoreOptions = {}) =>
    mongoStore(database.connection, { schema, models: { jobs, allocations }, ...options });

  const failStuck = () => {
    const { repository, transaction } = store();
    return transaction(async (session: ClientSession) => {
      const stuck = await repository.getStuckJobs(session, 48);
      const failed = await repository.markJobsAsFailed(session, stuck, 'Stuck');
      await repository.releaseResourcesForJobs(session, failed);
      return failed;
    });
  };

  beforeAll(async () => {
    const { Job, Hold } = models();
    jobs = Job as never;
    allocations = Hold as never;
    await Promise.all([Job.init(), Hold.init()]);
  });

  test('are followed in their collection, aliases, nested fields, ids and times of change', async () => {
    await jobs.deleteMany({});
    const job = await jobs.create({ n: 'crawl', phase: 1, startTime: OLD });
    await allocations.create({ _id: 'gpu-1', job: job._id, status: 'ALLOCATED', allocationTime: OLD } as never);
    const before = await jobs.findById(job._id).lean();

    expect(await failStuck()).toMatchObject([
      { id: job._id.toHexString(), name: 'crawl', state: 'FAILED', exitCode: '-2:0' },
    ]);

    const after = await jobs.findById(job._id).lean();
    expect(after).toMatchObject({
      phase: 3,
      errorMsg: 'Stuck',
      result: { code: '-2:0' },
      createdAt: before?.createdAt,
    });
    expect(after?.updatedAt).toEqual(after?.endTime);
    expect(after?.__v).toBe((before?.__v ?? 0) + 1);
    const allocation = await allocations.findById('gpu-1').lean();
    expect(allocation).toMatchObject({ status: 'RELEASED', job: job._id });
    expect((allocation as { changed?: Date } | null)?.changed).toEqual(allocation?.releasedTime);
  });

  test('a copy that somebody has in memory cannot overwrite the repair', async () => {
    await jobs.deleteMany({});
    const copy = await jobs.create({ n: 'crawl', phase: 1, startTime: OLD });
    await failStuck();
    copy.phase = 2;
    await expect(copy.save()).rejects.toThrow(/No matching document|version/i);
    expect(await jobs.findById(copy._id).lean()).toMatchObject({ phase: 3 });
  });

  test('documents of another discriminator are none of ours', async () => {
    await jobs.deleteMany({});
    const Crawl = (jobs as unknown as ReturnType<typeof models>['Job']).discriminator(
      'Crawl',
      new Schema({ depth: Number }),
    );
    const [crawl, other] = [
      await Crawl.create({ n: 'crawl', phase: 1, startTime: OLD }),
      await jobs.create({ n: 'other', phase: 1, startTime: OLD }),
    ];
    const { repository, transaction } = store({ models: { jobs: Crawl, allocations } });
    const failed = await transaction(async (session) => {
      const stuck = await repository.getStuckJobs(session, 48);
      const handMade = { ...stuck[0], id: other._id.toHexString(), version: undefined } as never;
      return repository.markJobsAsFailed(session, [...stuck, handMade], 'Stuck');
    });
    expect(failed).toMatchObject([{ id: crawl._id.toHexString() }]);
    expect(await jobs.findById(other._id).lean()).toMatchObject({ phase: 1 });
  });

  test('an allocation of another discriminator keeps its job alive, and is never written', async () => {
    await jobs.deleteMany({});
    await allocations.deleteMany({});
    const Gpu = (allocations as unknown as ReturnType<typeof models>['Hold']).discriminator('Gpu', new Schema({}));
    const [running, done] = [
      await jobs.create({ n: 'run', phase: 1, startTime: OLD }),
      await jobs.create({ n: 'done', phase: 2, startTime: OLD, endTime: OLD }),
    ];
    await Gpu.create({ _id: 'gpu', job: running._id, status: 'RESERVED', allocationTime: OLD } as never);
    await allocations.create({ _id: 'disk', job: running._id, status: 'ALLOCATED', allocationTime: OLD } as never);
    await allocations.create({ _id: 'old-disk', job: done._id, status: 'RELEASED' } as never);
    const { repository, transaction } = store({ models: { jobs, allocations: Gpu } });
    await transaction(async (session) => {
      expect(await repository.getStaleReservations(session, 10)).toEqual([]);
      expect(await repository.deleteJobsBatch(session, await repository.getOldJobs(session, 30))).toBe(0);
      const failed = await repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck');
      const released = await repository.releaseResourcesForJobs(session, failed);
      expect(released.map(({ id }) => id)).toEqual(['gpu']);
    });
    expect(await allocations.findById('disk').lean()).toMatchObject({ status: 'ALLOCATED' });
  });

  test('a reservation of another discriminator is not released, whoever gives it', async () => {
    await jobs.deleteMany({});
    await allocations.deleteMany({});
    const Disk = (allocations as unknown as ReturnType<typeof models>['Hold']).discriminator('Disk', new Schema({}));
    const job = await jobs.create({ n: 'run', phase: 1, startTime: OLD });
    await allocations.create({ _id: 'seat', job: job._id, status: 'RESERVED', allocationTime: OLD } as never);
    const all = store();
    const given = await all.transaction((session) => all.repository.getStaleReservations(session, 10));
    const { repository, transaction } = store({ models: { jobs, allocations: Disk } });
    expect(given.map(({ id }) => id)).toEqual(['seat']);
    expect(await transaction((session) => repository.cleanupStaleReservations(session, given))).toEqual([]);
    expect(await jobs.findById(job._id).lean()).toMatchObject({ phase: 1 });
  });

  test('jobs that are released keep their times of change, and only their fence moves', async () => {
    await jobs.deleteMany({});
    await allocations.deleteMany({});
    const job = await jobs.create({ n: 'done', phase: 2, startTime: OLD, endTime: OLD });
    await allocations.create({ _id: 'gpu-2', job: job._id, status: 'ALLOCATED' } as never);
    const before = await jobs.findById(job._id).lean();
    const { repository, transaction } = store();
    const released = await transaction(async (session) =>
      repository.releaseResourcesForCompletedJobs(
        session,
        await repository.getCompletedJobsWithUnreleasedResources(session),
      ),
    );
    expect(released).toBe(1);
    expect(await jobs.findById(job._id).lean()).toEqual({ ...before, fence: 1 });
  });

  test('a model of another connection, and what is no model, are refused', () => {
    const elsewhere = mongooseOf(release).createConnection();
    const model = elsewhere.model('Job', new Schema({})) as unknown as UserModel;
    expect(() => store({ models: { jobs: model } })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => store({ models: { jobs: {} as never } })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe.runIf(has('mongodb'))('ids of several types in one collection', () => {
  const database = useDatabase('mongodb');

  test('come in pages, each once, and each is the job that it names', async () => {
    const { ObjectId, UUID, Long } = mongooseOf('newest').mongo.BSON;
    const ids = [
      5,
      Long.fromString('9007199254740993'),
      '5',
      '65f000000000000000000001',
      new UUID(),
      new ObjectId('65f000000000000000000001'),
    ];
    await database.jobs.insertMany(ids.map((_id) => ({ _id: _id as never, state: 'RUNNING', startTime: OLD })));
    const { repository, transaction } = mongoStore(database.connection);
    const failed: string[] = [];
    let after: Awaited<ReturnType<typeof repository.getStuckJobs>>[number] | undefined;
    for (;;) {
      const [job] = await transaction((session) => repository.getStuckJobs(session, 48, { limit: 1, after }));
      if (job === undefined) break;
      after = job;
      const marked = await transaction((session) => repository.markJobAsFailed(session, job, 'Stuck'));
      failed.push(`${job.id} ${marked}`);
    }
    expect(failed).toEqual(ids.map((id) => `${String(id)} true`));
    expect(await database.jobs.countDocuments({ state: 'FAILED' })).toBe(ids.length);
  });

  test('a job made by hand is the one that its text can be, and none where it could be two', async () => {
    await database.jobs.insertMany([
      { _id: 5 as never, state: 'RUNNING' },
      { _id: '5' as never, state: 'RUNNING' },
      { _id: 7 as never, state: 'RUNNING' },
    ]);
    const job = (id: string) =>
      ({ id, name: '', state: 'RUNNING', startTime: null, endTime: null, errorMsg: null, exitCode: null }) as const;
    const fail = (options: MongoStoreOptions, ...ids: string[]) => {
      const { repository, transaction } = mongoStore(database.connection, options);
      return transaction((session) => repository.markJobsAsFailed(session, ids.map(job), 'Stuck'));
    };
    expect(await fail({}, '5', '7')).toMatchObject([{ id: '7' }]);
    expect(await fail({ idType: 'string' }, '5')).toMatchObject([{ id: '5' }]);
    expect(await database.jobs.findOne({ state: 'RUNNING' })).toMatchObject({ _id: 5 });
  });
});
