import { freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex from 'knex';
import { expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { TABLES } from '../support/cluster.js';

const database = freshDatabase('row-security');

test('row level security is a warning for a role that it is on for, and nothing for one that it is not', async () => {
  const role = `secured_${Date.now().toString(36)}`;
  const owner = createKnex({ client: 'pg', connection: database.url });
  const url = new URL(database.url);
  Object.assign(url, { username: role, password: 'secret' });
  const secured = createKnex({ client: 'pg', connection: url.href });
  await owner.raw(`${TABLES} create role ${role} login password 'secret';
    grant all on all tables in schema public to ${role}; alter table jobs enable row level security`);
  try {
    expect(await knexStore(secured).inspect.schema()).toEqual([
      {
        severity: 'warning',
        path: 'schema.jobs.table',
        problem: expect.stringContaining('Row level security of "jobs" is on for this role'),
        fix: expect.stringContaining('BYPASSRLS'),
        mistake: { kind: 'rowSecurity', table: 'jobs' },
      },
    ]);
    expect(await knexStore(owner).inspect.schema()).toEqual([]);
  } finally {
    await secured.destroy();
    await owner.raw(`drop owned by ${role}; drop role ${role}`);
    await owner.destroy();
  }
});
