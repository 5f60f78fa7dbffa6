import { serverUrl } from '@jobsweep/test-engines/vitest';
import { describe, expect, test } from 'vitest';
import { COMMAND_PAGES, commandsOf, startsOf } from './support/commands.js';
import { runSql } from './support/database.js';
import { hasDatabase, runDemo, withFewRows } from './support/demo.js';
import { blocksOf } from './support/markdown.js';
import { packages, pages, readPage } from './support/pages.js';

const PG_URL = 'PG_URL=postgres://user:password@host:5432/database ';

/** Lines that no test runs, and why. */
const NOT_RUN: ReadonlyMap<string, string> = new Map([
  ['npm test', 'runs this test'],
  ['SUITE=whole npm test', 'runs this test'],
  [`${PG_URL}npm test`, 'the same on a server that does not exist'],
  ['ENGINES=postgres,mariadb npm test', 'runs this test'],
  ['npx pnpm@10 engines up', 'runs until Ctrl-C; test-engines tests what it runs'],
  ['ENGINES=postgres,mariadb npx pnpm@10 engines up', 'the same with fewer servers'],
  ['npx pnpm@10 engines build tidb', 'takes ten minutes of a processor and 4 GB, once'],
  ['npx pnpm@10 races 100000', 'takes hours'],
  ['npx pnpm@10 races 5000 repo-knex', 'takes minutes; what it runs is in the tests, shorter'],
  ['npx pnpm@10 races undo 10000', 'takes minutes; what it runs is in the tests, shorter'],
  ['npx pnpm@10 bench', 'takes an hour'],
  [
    'npx pnpm@10 bench purge fail --adapter knex --database postgres,mariadb --rows 20000 --json bench.json --check',
    'takes minutes, and means something on a quiet machine only',
  ],
  ['npx pnpm@10 bench --json bench.json && npx pnpm@10 bench report bench.json --check', 'takes an hour'],
  ['npx pnpm@10 field', 'takes minutes; CI runs it by itself'],
  ['npx pnpm@10 field 06 17b --database postgres,mariadb', 'takes a part of it'],
  ['npx pnpm@10 chaos', 'takes most of an hour'],
  ['npx pnpm@10 chaos --short', 'takes minutes; CI runs it by itself'],
  ['npx pnpm@10 chaos server-killed frozen --engine postgres,mariadb', 'takes minutes'],
  ['docker compose up --detach --wait', 'the tests need no Docker; compose.yaml says so'],
]);

/** Pages whose lines are run in their order, by attach.test.ts. */
const isAttached = (page: string) => page.startsWith('examples/attach-');

/** Commands that cli.test.ts and two-runners.test.ts run, where a page shows them. */
const commandLines = COMMAND_PAGES.flatMap((page) => [...commandsOf(page).map(({ line }) => line), ...startsOf(page)]);

const lines = [
  ...new Set(
    pages
      .filter((page) => !isAttached(page))
      .flatMap((page) =>
        blocksOf(readPage(page))
          .filter(({ language }) => language === 'sh')
          .flatMap(({ text }) => text.split('\n'))
          .filter((line) => !commandLines.includes(line)),
      ),
  ),
];
const isDemo = (line: string) => line.replace(PG_URL, '').startsWith('npm run demo');
const isInstall = (line: string) => line.startsWith('npm install ');

describe('the sh blocks of the pages', () => {
  test('hold only lines that are run, or that have a reason not to be', () => {
    expect(lines.filter((line) => !isDemo(line) && !isInstall(line) && !NOT_RUN.has(line))).toEqual([]);
  });

  test.for(lines.filter(isInstall))('%s names published packages with their peers', (line) => {
    const names = line.split(' ').slice(2);
    const own = names.filter((name) => name.startsWith('@jobsweep/'));
    expect([...packages.keys()]).toEqual(expect.arrayContaining(own));
    const peers = own.flatMap((name) => peersOf(name));
    const known = [...own, ...peers.map((peer) => peer.name)];
    expect(known).toEqual(expect.arrayContaining(names));
    const required = peers.filter((peer) => !peer.optional).map((peer) => peer.name);
    expect(names).toEqual(expect.arrayContaining(required));
    // Of drivers, one is enough.
    const optional = peers.filter((peer) => peer.optional).map((peer) => peer.name);
    expect(optional.length === 0 || optional.some((peer) => names.includes(peer))).toBe(true);
  });

  test.for(lines.filter((line) => isDemo(line) && !hasDatabase(line)))('%s is left out by ENGINES', (_, { skip }) =>
    skip(),
  );

  test.concurrent.for(lines.filter((line) => isDemo(line) && hasDatabase(line)))('%s ends well', async (line) => {
    const { status, output } = await runDemo(withFewRows(line), (ended) => ended);
    const [dropKept] = /DROP DATABASE \w+ WITH \(FORCE\)/.exec(output) ?? [];
    if (dropKept !== undefined) await runSql(serverUrl('postgres'), dropKept);
    expect(output).toContain('✔');
    expect(status).toBe(0);
  });
});

function peersOf(name: string): { name: string; optional: boolean }[] {
  const manifest = JSON.parse(readPage(`${packages.get(name)}/package.json`)) as {
    peerDependencies?: Record<string, string>;
    peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  };
  return Object.keys(manifest.peerDependencies ?? {}).map((peer) => ({
    name: peer,
    optional: manifest.peerDependenciesMeta?.[peer]?.optional === true,
  }));
}
