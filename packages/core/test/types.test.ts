import { describe, expectTypeOf, it } from 'vitest';
import {
  type AllocationWithJob,
  type CleanupRepository,
  type CleanupStore,
  type CleanupStrategy,
  CompletedJobCleanupStrategy,
  createStrategies,
  type Job,
  type JobState,
  planPass,
  type ResourceStatus,
  runPass,
  type SchemaOptions,
  type StrategyName,
  StuckJobCleanupStrategy,
} from '../src/index.js';

/** The transaction handles of two libraries. */
interface KnexTransaction {
  raw(sql: string): Promise<unknown>;
}
interface EntityManager {
  query(sql: string): Promise<unknown>;
}

declare const knex: CleanupStore<KnexTransaction>;
declare const typeorm: CleanupStore<EntityManager>;

// The functions below are compiled and never called.
describe('parts of one adapter', () => {
  it('fit together without a type being named', () => {
    const compiled = () => {
      const strategy = new StuckJobCleanupStrategy(knex.repository);
      expectTypeOf(strategy).toEqualTypeOf<StuckJobCleanupStrategy<KnexTransaction>>();
      expectTypeOf(createStrategies(typeorm)).toEqualTypeOf<CleanupStrategy<EntityManager>[]>();
      return [
        runPass(knex, strategy),
        planPass(knex, strategy),
        ...createStrategies(knex).map((s) => runPass(knex, s)),
      ];
    };
    expectTypeOf(compiled).toBeFunction();
  });

  it('give callbacks the rows of their strategy', () => {
    const compiled = () => [
      runPass(knex, new StuckJobCleanupStrategy(knex.repository), {
        onRepaired: (rows) => void expectTypeOf(rows).toEqualTypeOf<readonly Job[]>(),
      }),
      runPass(knex, new CompletedJobCleanupStrategy(knex.repository), {
        onRepaired: (rows) => void expectTypeOf(rows).toEqualTypeOf<readonly AllocationWithJob[]>(),
      }),
    ];
    expectTypeOf(compiled).toBeFunction();
  });
});

describe('hooks', () => {
  it('get the rows of their strategy and the session of its store', () => {
    const compiled = () => [
      new StuckJobCleanupStrategy(knex.repository, {
        confirm(rows) {
          expectTypeOf(rows).toEqualTypeOf<readonly Job[]>();
          return rows;
        },
        within: (session) => void expectTypeOf(session).toEqualTypeOf<KnexTransaction>(),
      }),
      createStrategies(typeorm, {
        stale_reservation_cleanup: {
          within(session, rows) {
            expectTypeOf(session).toEqualTypeOf<EntityManager>();
            expectTypeOf(rows).toEqualTypeOf<readonly AllocationWithJob[]>();
          },
        },
      }),
      new StuckJobCleanupStrategy(knex.repository, {
        // @ts-expect-error Its session is a KnexTransaction.
        within: (_session: EntityManager) => {},
      }),
    ];
    expectTypeOf(compiled).toBeFunction();
  });
});

describe('parts of two adapters do not compile together:', () => {
  it('a strategy and the store of another', () => {
    const compiled = () => {
      const strategy = new StuckJobCleanupStrategy(knex.repository);
      // @ts-expect-error The strategy needs a KnexTransaction.
      const pass = runPass(typeorm, strategy);
      // @ts-expect-error The strategy needs a KnexTransaction.
      const plan = planPass(typeorm, strategy);
      const [created] = createStrategies(knex);
      // @ts-expect-error Strategies of createStrategies remember whose they are.
      const other = created && runPass(typeorm, created);
      return [pass, plan, other];
    };
    expectTypeOf(compiled).toBeFunction();
  });

  it('a repository and the session of another', () => {
    const compiled = (manager: EntityManager) => {
      // @ts-expect-error The repository needs a KnexTransaction.
      return knex.repository.getStuckJobs(manager, 48);
    };
    expectTypeOf(compiled).toBeFunction();
  });

  it('a strategy and the repository of another', () => {
    const compiled = (repository: CleanupRepository<KnexTransaction>) => {
      // @ts-expect-error The type argument says EntityManager.
      return new StuckJobCleanupStrategy<EntityManager>(repository);
    };
    expectTypeOf(compiled).toBeFunction();
  });

  it('a store with the repository of another', () => {
    // @ts-expect-error Its sessions are not the repository's.
    const compiled = () => createStrategies<EntityManager>({ ...typeorm, repository: knex.repository });
    expectTypeOf(compiled).toBeFunction();
  });
});

describe('words', () => {
  it('are the known ones', () => {
    expectTypeOf<JobState>().toEqualTypeOf<'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED'>();
    expectTypeOf<ResourceStatus>().toEqualTypeOf<'RESERVED' | 'ALLOCATED' | 'RELEASED'>();
    expectTypeOf<StrategyName>().toEqualTypeOf<
      | 'completed_job_cleanup'
      | 'stale_reservation_cleanup'
      | 'stuck_job_cleanup'
      | 'old_job_cleanup'
      | 'orphaned_allocation_cleanup'
      | 'waiting_job_cleanup'
    >();
  });

  it('of a mapping are checked while they are typed', () => {
    expectTypeOf<{ jobs: { states: { RUNNING: 1; FAILED: [2, 3] } } }>().toExtend<SchemaOptions>();
    expectTypeOf<{ allocations: null }>().toExtend<SchemaOptions>();
    // @ts-expect-error There is no such codec.
    const wrongCodec: SchemaOptions = { jobs: { columns: { endTime: { column: 'ended', codec: 'julian' } } } };
    // @ts-expect-error There is no such state.
    const wrongState: SchemaOptions = { jobs: { states: { FINISHED: 'F' } } };
    expectTypeOf([wrongCodec, wrongState]).toBeArray();
  });
});
