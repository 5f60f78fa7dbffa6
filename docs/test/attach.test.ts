import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '@jobsweep/test-engines';
import { enginesOfRun, serverUrl } from '@jobsweep/test-engines/vitest';
import { describe, expect, test } from 'vitest';
import { blocksOf } from './support/markdown.js';
import { readPage, root } from './support/pages.js';
import { runNode } from './support/run.js';

const pageOf = (example: string) => `examples/${example}/README.md`;

const JOBSWEEP = join(root, 'packages/runner/bin/jobsweep.js');

/** The examples that attach to tables of others, the server that each is on, and the variable that names its database. */
const EXAMPLES = [
  { example: 'attach-slurm', engine: 'mariadb', variable: 'SLURM_ACCT_URL' },
  { example: 'attach-pg-boss', engine: 'postgres', variable: 'PG_URL' },
  { example: 'attach-n8n', engine: 'postgres', variable: 'PG_URL' },
  { example: 'attach-graphile-worker', engine: 'postgres', variable: 'PG_URL' },
  { example: 'attach-airflow', engine: 'postgres', variable: 'PG_URL' },
  { example: 'attach-agenda', engine: 'mongodb', variable: 'MONGO_URL' },
  { example: 'attach-app', engine: 'postgres', variable: 'PG_URL' },
] as const;

describe.each(EXAMPLES.filter(({ engine }) => enginesOfRun().includes(engine)))(
  'examples/$example/README.md',
  ({ example, engine, variable }) => {
    const folder = join(root, 'examples', example);

    test('shows what its commands print, one after the other on one database', async () => {
      const database = await createDatabase(serverUrl(engine), { prefix: example });
      const env = { [variable]: database.url, NO_COLOR: '1', FORCE_COLOR: undefined };
      const printed: string[] = [];
      try {
        for (const { line } of commandsOf(example)) {
          printed.push(await runNode(argumentsOf(line, folder), env, ({ output }) => output.trimEnd()));
        }
      } finally {
        await database.drop();
      }
      if (process.env.UPDATE === '1') return rewrite(example, printed);
      expect(printed.map(settle)).toEqual(commandsOf(example).map(({ shown }) => settle(shown)));
    });
  },
);

/** The lines of a page that are run, each with the block that shows what it prints; none: it prints nothing. */
function commandsOf(example: string): { line: string; shown: string }[] {
  const blocks = blocksOf(readPage(pageOf(example)));
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'sh') return [];
    const next = blocks[index + 1];
    const shown = next?.language === 'text' ? next.text : '';
    return text.split('\n').map((line, at, all) => ({ line, shown: at === all.length - 1 ? shown : '' }));
  });
}

/** Puts what the commands print now into the page. */
function rewrite(example: string, printed: readonly string[]): void {
  const shown = commandsOf(example).map((command, index) => [command.shown, printed[index] ?? ''] as const);
  const page = shown.reduce(
    (text, [old, now]) => (old === '' ? text : text.replace(old, () => now)),
    readPage(pageOf(example)),
  );
  writeFileSync(join(root, pageOf(example)), page);
}

/** What Node gets for a line: `node setup.mjs`, or `npx jobsweep` with or without `--config`. */
function argumentsOf(line: string, folder: string): string[] {
  const [program, name = '', ...rest] = line.split(' ');
  if (program === 'node') return [join(folder, name)];
  expect(`${program} ${name}`).toBe('npx jobsweep');
  const at = rest.indexOf('--config');
  const config = at === -1 ? 'jobsweep.config.mjs' : (rest[at + 1] ?? '');
  const args = at === -1 ? rest : rest.toSpliced(at, 2);
  return [JOBSWEEP, ...args, '--config', join(folder, config)];
}

/** Durations, times and ids of MongoDB differ from run to run, servers from machine to machine, and with them the width of columns. */
function settle(output: string): string {
  return output
    .trimEnd()
    .replaceAll(/(> ?)?\d+(\.\d+)? m?s\b|\d+\.\d min\b/g, '#')
    .replaceAll(/Node [\d.]+|(?<=MariaDB |PostgreSQL )[^,]*|(?<=time zone ).*/g, '#')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|\b[\da-f]{24}\b/g, '#')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/ +$/gm, '');
}
