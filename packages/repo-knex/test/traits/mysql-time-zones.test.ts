import type { Cluster } from '@jobsweep/contract';
import type { SchemaOptions, TimeCodec } from '@jobsweep/core';
import { enginesOfRun, sqlSubject } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const CODECS: readonly TimeCodec[] = ['instant', 'utcDateTime', 'epochSeconds', 'epochMillis'];
const engines = enginesOfRun().filter((engine) => engine !== 'postgres');

/** A user's pool whose connections are in Tokyo, as a server's own default may be. */
const connect = (url: string) => {
  const pool: Knex.PoolConfig = {
    min: 0,
    afterCreate: (
      connection: { query(sql: string, done: (error: unknown) => void): void },
      done: (error: unknown, connection: unknown) => void,
    ) => connection.query("set time_zone = '+09:00'", (error) => done(error, connection)),
  };
  const knex = createKnex({ client: 'mysql2', connection: url, pool });
  return Promise.resolve({ store: (options = {}) => knexStore(knex, options), close: () => knex.destroy() });
};

const timesOf = (codec: TimeCodec): SchemaOptions => ({
  jobs: { columns: { startTime: { column: 'began', codec }, endTime: { column: 'ended', codec } } },
});

describe.each(engines)('on %s, in a session in Tokyo', (engine) => {
  describe.each(CODECS)('times as %s', (codec) => {
    let cluster: Cluster<Knex.Transaction>;
    beforeAll(async () => {
      cluster = await sqlSubject('tokyo', engine, connect).open({ schema: timesOf(codec) });
    });
    afterAll(() => cluster.close());

    test("are the same instants, by the server's clock, when they are read and when they are written", async () => {
      const now = Date.parse(await cluster.now());
      const ago = (hours: number) => `${new Date(now - hours * 3_600_000).toISOString().slice(0, 19)}.000000Z`;
      await cluster.seed({
        jobs: [
          { id: '1', state: 'RUNNING', startTime: ago(49) },
          { id: '2', state: 'RUNNING', startTime: ago(47) },
        ],
      });
      const { repository, transaction } = cluster.store();
      const failed = await transaction(async (trx) => {
        const jobs = await repository.getStuckJobs(trx, 48);
        expect(jobs).toMatchObject([{ id: '1', startTime: new Date(ago(49)) }]);
        return repository.markJobsAsFailed(trx, jobs, 'too long');
      });
      const written = (await cluster.read()).jobs[0]?.endTime ?? '';
      expect(Math.abs(Date.parse(written) - now)).toBeLessThan(60_000);
      expect(Math.abs(Number(failed[0]?.endTime) - now)).toBeLessThan(60_000);
    });
  });
});
