import { randomBytes } from 'node:crypto';
import { createStrategies } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import { createRunner, type RunReport } from '@jobsweep/runner';
import createKnex from 'knex';
import { describe, expect, test } from 'vitest';
import { runSql, withDatabasesFor } from './support/database.js';
import { blocksOf } from './support/markdown.js';
import { readPage } from './support/pages.js';
import { isAboutPrivileges } from './support/programs.js';

const PAGE = 'docs/operations.md';
const DOCUMENTED_ROLE = 'jobsweep_janitor';

const statements = blocksOf(readPage(PAGE))
  .filter((block) => block.language === 'sql' && isAboutPrivileges(block))
  .flatMap(({ text }) => text.replaceAll(/^--.*$/gm, '').split(';'))
  .map((statement) => statement.trim())
  .filter((statement) => statement !== '');
const grants = statements.filter((statement) => statement.startsWith('GRANT'));

describe('the documented privileges', () => {
  test('let a role run the strategies', async () => {
    const report = await runAs(statements);
    expect(report.strategies.map(({ pass }) => pass?.itemsCleaned)).toEqual([2, 1, 1, 1, undefined]);
  });

  test('let a role look with SELECT alone', async () => {
    const report = await runAs(
      statements.filter((statement) => !/^GRANT (UPDATE|DELETE)/.test(statement)),
      true,
    );
    expect(report.strategies.map(({ plan }) => plan?.due)).toEqual([2, 1, 1, 1, undefined]);
  });

  // Everybody may use the schema that a new database has, so that one is for databases that took it away.
  test.for(grants.filter((grant) => !grant.includes('ON SCHEMA')))('need: %s', async (grant) => {
    const failed = await runAs(statements.filter((statement) => statement !== grant)).then(
      ({ strategies }) => strategies.flatMap(({ pass }) => (pass?.error ? [pass.error] : [])),
      (error: unknown) => [error],
    );
    expect(failed).toContainEqual(expect.objectContaining({ code: 'PERMISSION_DENIED' }));
  });
});

/** One round of all strategies on the example's cluster, as a role with these privileges. */
async function runAs(allowed: readonly string[], dryRun = false): Promise<RunReport> {
  const role = `janitor_${randomBytes(5).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  return withDatabasesFor(PAGE, async ({ PG_URL: url = '' }) => {
    for (const statement of allowed) await runSql(url, statement.replaceAll(DOCUMENTED_ROLE, role));
    await runSql(url, `ALTER ROLE ${role} PASSWORD '${password}'`);
    const connection = new URL(url);
    connection.username = role;
    connection.password = password;
    const knex = createKnex({ client: 'pg', connection: connection.href });
    try {
      const store = knexStore(knex);
      const strategies = createStrategies(store, { old_job_cleanup: { enabled: true } });
      return await createRunner({ store, strategies }).runOnce({ dryRun });
    } finally {
      await knex.destroy();
      await runSql(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
}
