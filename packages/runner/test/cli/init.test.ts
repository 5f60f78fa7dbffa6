import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { aFolder, jobsweep } from './support/command.js';
import { inMemory } from './support/configs.js';

const database = freshDatabase('cli_init');

const tablesOf = async (): Promise<string[]> => {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  await client.end();
  return rows.map(({ name }) => name);
};

describe('jobsweep init', () => {
  test.each(['ts', 'mjs', 'json'])(
    'writes a config in %s that every command takes, and says what it needs',
    async (format) => {
      const folder = aFolder();
      const { status, stdout } = await jobsweep(folder, ['init', '--format', format]);
      expect(status).toBe(0);
      expect(stdout).toContain(
        `Wrote jobsweep.config.${format}.\nIt needs: npm install @jobsweep/runner @jobsweep/repo-knex knex pg\n`,
      );
      const text = readFileSync(join(folder, `jobsweep.config.${format}`), 'utf8');
      if (format !== 'json')
        expect(text).toMatch(/\/\/ What turns and history are kept under.*\n {2}\/\/ name: 'main',\n/);
      expect(stdout).toContain('connection.url needs the environment variable PG_URL');
      const again = await jobsweep(folder, ['list'], { PG_URL: 'postgres://127.0.0.1:1/nowhere' });
      expect(again).toMatchObject({ status: 1, stderr: expect.stringMatching(/^CONNECTION_LOST: /) });
    },
  );

  test('goes by its flags', async () => {
    const folder = aFolder();
    const flags = [
      '--adapter',
      '@jobsweep/repo-mongo',
      '--url-variable',
      'CLUSTER',
      '--jobs-table',
      "o'jobs",
      '--no-allocations-table',
    ];
    await jobsweep(folder, ['init', ...flags]);
    const text = readFileSync(join(folder, 'jobsweep.config.ts'), 'utf8');
    expect(text).toContain("adapter: '@jobsweep/repo-mongo'");
    expect(text).toContain("url: '$" + "{CLUSTER}'");
    expect(text).toContain("table: 'o\\'jobs'");
    expect(text).toContain('allocations: null');
  });

  test('leaves a config alone that is there, unless it is forced', async () => {
    const folder = aFolder({ 'jobsweep.config.mjs': '// mine' });
    const [described, other, forced] = [
      await jobsweep(folder, ['init', '--database', 'mysql']),
      await jobsweep(folder, ['init', '--format', 'json', '--force']),
      await jobsweep(folder, ['init', '--database', 'mysql', '--force']),
    ];
    expect(described).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('Give --force') });
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('Delete it before') });
    expect(existsSync(join(folder, 'jobsweep.config.json'))).toBe(false);
    expect(forced.status).toBe(0);
    expect(readFileSync(join(folder, 'jobsweep.config.mjs'), 'utf8')).toContain('MYSQL_URL');
  });

  test("shows how jobsweep's own tables are made, and makes them with --apply, more than once", async () => {
    const folder = aFolder();
    const env = { PG_URL: database.url };
    const shown = await jobsweep(folder, ['init'], env);
    expect(shown.stdout).toMatch(/create table .*jobsweep_claims/i);
    expect(await tablesOf()).toEqual([]);
    const applied = await jobsweep(folder, ['init', '--apply', '--json'], env);
    expect(applied.status).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({
      written: false,
      needs: null,
      ownTables: { made: expect.arrayContaining([expect.stringContaining('jobsweep_claims')]), problem: null },
    });
    expect(await tablesOf()).toEqual(['jobsweep_changes', 'jobsweep_claims', 'jobsweep_history']);
    const again = await jobsweep(folder, ['init', '--apply'], env);
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining("jobsweep's own tables are there.") });
  });

  test('works with a store of ones own', async () => {
    const folder = aFolder({ 'jobsweep.config.mjs': inMemory({ initialized: false }) });
    const { stdout } = await jobsweep(folder, ['init', '--apply', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ownTables: { made: ['jobsweep_claims', 'jobsweep_history', 'jobsweep_changes'] },
    });
  });

  test.each([
    [
      ['--adapter', '@jobsweep/repo-mongo', '--database', 'mysql'],
      '@jobsweep/repo-mongo is not for mysql: it is for mongodb',
    ],
    [['--database', 'oracle'], "argument 'oracle' is invalid"],
    [['--config', 'my.yaml'], "--config is 'my.yaml': give a file that ends in .ts, .mjs, .json"],
  ])('refuses %j', async (args, expected) => {
    const folder = aFolder();
    const { status, stderr } = await jobsweep(folder, ['init', ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(expected);
  });
});
