import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { useDatabase } from './support/opened.js';

describe.each(enginesOfRun())('how long a transaction may be idle on %s', (engine) => {
  const database = useDatabase(engine);
  const isPostgres = engine === 'postgres';
  let knex: Knex;
  beforeAll(() => {
    const client = isPostgres ? 'pg' : 'mysql2';
    knex = createKnex({ client, connection: database.url, pool: { min: 1, max: 1 } });
  });
  afterAll(() => knex.destroy());

  const idleSeconds = async (on: Knex): Promise<number> => {
    const query = isPostgres
      ? "extract(epoch from current_setting('idle_in_transaction_session_timeout')::interval)"
      : '@@session.wait_timeout';
    const [row] = await on.select<{ seconds: unknown }[]>(on.raw(`${query} as seconds`));
    return Number(row?.seconds);
  };

  test('is as long as it asks for, and at most as long as its store allows', async () => {
    const before = await idleSeconds(knex);
    const { transaction } = knexStore(knex, { idleTimeoutSeconds: 20 });
    expect(await transaction(idleSeconds)).toBe(20);
    expect(await transaction(idleSeconds, { idleTimeoutSeconds: 7 })).toBe(7);
    expect(await transaction(idleSeconds, { idleTimeoutSeconds: 300 })).toBe(20);
    expect(await idleSeconds(knex)).toBe(before);
  });

  test.each([0, -1, Number.NaN])('cannot be %s seconds', async (idleTimeoutSeconds) => {
    const { transaction } = knexStore(knex);
    await expect(transaction(() => Promise.resolve(), { idleTimeoutSeconds })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('idleTimeoutSeconds'),
    });
  });
});
