import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { useCluster } from './support/clusters.js';

/** What a server answers to statements that match. */
type Answers = readonly (readonly [statement: RegExp, rows: readonly object[]])[];

/** A knex whose server gives other answers than its own to some statements. */
function answering(client: 'pg' | 'mysql2', url: string, answers: Answers): Knex {
  class AnsweringClient extends clientOf(client) {
    override async _query(connection: object, statement: NativeStatement): Promise<NativeStatement> {
      const answer = await super._query(connection, statement);
      const [, rows] = answers.find(([asked]) => asked.test(statement.sql)) ?? [];
      if (rows !== undefined) answer.response = client === 'pg' ? { rows } : [rows, []];
      return answer;
    }
  }
  return createKnex({ client: AnsweringClient as never, connection: url, pool: { min: 0, max: 2 } });
}

interface NativeStatement {
  readonly sql: string;
  response?: unknown;
}

/** knex's client for a driver. */
const clientOf = (client: 'pg' | 'mysql2') =>
  (createKnex({ client }).client as object).constructor as new (
    config: object,
  ) => {
    _query(connection: object, statement: NativeStatement): Promise<NativeStatement>;
  };

describe.each(enginesOfRun().filter((engine) => engine === 'postgres'))('a release of %s', (engine) => {
  const cluster = useCluster(engine);
  const answeringAs = (number: string, version: string) => {
    const knex = answering('pg', cluster.url, [[/server_version_num/, [{ number, version }]]]);
    return { knex, ...knexStore(knex) };
  };

  test('without SKIP LOCKED is refused before anything is asked of its tables', async () => {
    const { knex, inspect, transaction } = answeringAs('90426', '9.4.26');
    const refusal = { code: 'ENGINE_UNSUPPORTED', message: expect.stringContaining('PostgreSQL 9.4.26') };
    await expect(inspect.schema()).rejects.toMatchObject(refusal);
    await expect(transaction(async () => 'work')).rejects.toMatchObject(refusal);
    await knex.destroy();
  });

  test('with all that is needed is not', async () => {
    const { knex, inspect } = answeringAs('100000', '10.0');
    expect(await inspect.schema()).toEqual([]);
    await knex.destroy();
  });
});

describe.each(enginesOfRun().filter((engine) => engine !== 'postgres'))(
  'what cannot be written safely on %s',
  (engine) => {
    const cluster = useCluster(engine);

    /** With a server that gives such answers. */
    async function having<Result>(answers: Answers, work: (store: ReturnType<typeof knexStore>) => Promise<Result>) {
      const knex = answering('mysql2', cluster.url, answers);
      return work(knexStore(knex)).finally(() => knex.destroy());
    }

    describe('releases', () => {
      const versions =
        engine === 'mysql'
          ? { without: ['5.6.51', '5.7.44-log', '8.0.0-dmr'], having: ['8.0.1-dmr', '8.0.46', '8.4.0', '9.7.4-1'] }
          : {
              without: ['10.5.29-MariaDB', '5.5.68-MariaDB', '5.5.5-10.5.29-MariaDB-log'],
              having: ['10.6.0-MariaDB', '5.5.5-10.6.12-MariaDB', '11.4.2-MariaDB-deb12', '12.0.1-MariaDB'],
            };
      const version = (said: string): Answers => [[/version\(\)/, [{ version: said }]]];

      test.each(versions.without)('%s is refused before anything is asked of its tables', async (said) => {
        const refusal = { code: 'ENGINE_UNSUPPORTED', message: expect.stringContaining(`${said} has no SKIP LOCKED`) };
        await having(version(said), async ({ inspect, transaction }) => {
          await expect(inspect.schema()).rejects.toMatchObject(refusal);
          await expect(inspect.server()).rejects.toMatchObject(refusal);
          await expect(transaction(async () => 'work')).rejects.toMatchObject(refusal);
        });
      });

      test.each(versions.having)('%s is not', async (said) => {
        expect(await having(version(said), ({ inspect }) => inspect.schema())).toEqual([]);
      });
    });

    describe('tables of a storage engine without transactions', () => {
      const database = freshDatabase('engines', engine);
      let knex: Knex;
      beforeAll(() => {
        knex = createKnex({ client: 'mysql2', connection: database.url });
      });
      afterAll(() => knex.destroy());

      test.each(engine === 'mysql' ? ['MyISAM', 'MEMORY'] : ['MyISAM', 'MEMORY', 'Aria'])('%s', async (storage) => {
        const columns =
          'id bigint primary key, name varchar(40), state varchar(20), start_time datetime(6), end_time datetime(6), error_msg varchar(99), exit_code varchar(20)';
        await knex.raw('drop table if exists jobs');
        await knex.raw(`create table jobs (${columns}) engine = ${storage}`);
        const { inspect } = knexStore(knex, { schema: { allocations: null } });
        expect(await inspect.schema()).toEqual([
          {
            path: 'schema.jobs.table',
            problem: `Table "jobs" is kept by ${storage}, which has neither transactions nor locks of rows`,
            fix: expect.stringContaining('ALTER TABLE jobs ENGINE = InnoDB'),
            mistake: { kind: 'storage', table: 'jobs', engine: storage },
          },
        ]);
        await knex.raw('alter table jobs engine = InnoDB');
        expect(await inspect.schema()).toEqual([]);
      });
    });

    describe('nodes of a cluster', () => {
      const shown = (values: Readonly<Record<string, string>>) =>
        Object.entries(values).map(([Variable_name, Value]) => ({ Variable_name, Value }));
      const galera = (on: string, size: string): Answers => [
        [/show global variables where variable_name in/, shown({ wsrep_on: on })],
        [/wsrep_cluster_size/, shown({ wsrep_cluster_size: size })],
      ];
      const group = (name: string, isSingle: string, primaries: number): Answers => [
        [
          /show global variables where variable_name in/,
          shown({ group_replication_group_name: name, group_replication_single_primary_mode: isSingle }),
        ],
        [/replication_group_members/, [{ n: primaries }]],
      ];
      const writers = (answers: Answers) => having(answers, ({ inspect }) => inspect.schema());

      const alone: readonly (readonly [string, Answers])[] = [
        ['one node of Galera', galera('ON', '1')],
        ['a server that is in no cluster of Galera', galera('OFF', '0')],
        ['a group with one primary', group('a-b', 'ON', 1)],
        ['a group of one member', group('a-b', 'OFF', 1)],
        ['a server that is in no group', group('', 'OFF', 0)],
      ];
      const several: readonly (readonly [string, Answers])[] = [
        ['Galera', galera('ON', '3')],
        ['Group Replication', group('a-b', 'OFF', 3)],
      ];
      // MariaDB has no table of the members of a group.
      const here = (cases: typeof alone) => cases.filter(([name]) => engine === 'mysql' || !/group/i.test(name));

      test.each(here(alone))('%s is nothing to be told', async (_what, answers) => {
        expect(await writers(answers)).toEqual([]);
      });

      test.each(here(several))('three that take writes in %s are told', async (name, answers) => {
        expect(await writers(answers)).toMatchObject([
          {
            path: 'multiWriter',
            problem: `3 nodes of this cluster (${name}) take writes, and none knows the locks of the others`,
            mistake: { kind: 'writers', cluster: name, nodes: 3 },
          },
        ]);
      });
    });
  },
);
