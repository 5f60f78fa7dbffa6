import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { type DatabaseName, PAIRS } from '../../src/adapters/pairs.js';
import { databasesOfRun, serverEnv } from '../support/databases.js';
import { runDemo } from '../support/demo.js';
import { temporaryFolder } from '../support/files.js';
import { sampleLog } from '../support/logs.js';

// The machine may be busy.
vi.setConfig({ testTimeout: 120_000 });

const folder = temporaryFolder();
const SIX_HOURS = 21_600;

const databases = databasesOfRun();
const pairs = PAIRS.flatMap(({ adapter, database }) =>
  databases.includes(database) ? [[adapter, database] as const] : [],
);

/** One run of the story on a server of the tests: what it printed and wrote, without what differs from run to run. */
async function tell(adapter: string, database: DatabaseName) {
  const trace = await folder.write('log.swf', sampleLog(240, SIX_HOURS));
  const json = folder.path(`${adapter}-${database}.json`);
  const args = ['--adapter', adapter, '--database', database, '--trace', trace, '--purge', '--json', json];
  const { status, stdout, stderr } = await runDemo(args, serverEnv(database));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [title = '', ...story] = stdout.split('\n');
  const { server, ...result } = JSON.parse(await readFile(json, 'utf8')) as Record<string, unknown>;
  expect(result).toMatchObject({ adapter, database, untouched: true });
  return {
    title,
    server: String(server),
    story: story.join('\n').replaceAll(/ +[\d.]+ m?s(?= )/g, ' #'),
    result: JSON.stringify(
      { ...result, adapter: '', database: '' },
      (key, value: unknown) => (key === 'durationMs' ? 0 : value),
      2,
    ),
  };
}

let first: Awaited<ReturnType<typeof tell>> | undefined;

test.each(pairs)('%s on %s tells the same story as the others', async (adapter, database) => {
  const told = await tell(adapter, database);
  expect(told.title).toContain(told.server);
  expect(told.title.toLowerCase()).toContain(database);
  first ??= told;
  expect(told.story).toBe(first.story);
  expect(told.result).toBe(first.result);
});
