import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withDatabasesFor } from './support/database.js';
import { blocksOf } from './support/markdown.js';
import { packages, readPage, root } from './support/pages.js';
import { runNode } from './support/run.js';

const PAGE = 'docs/cli.md';
const JOBSWEEP = join(root, 'packages/runner/bin/jobsweep.js');
const PREFIX = 'npx jobsweep ';

/** Runs until it is stopped: the runner's own tests do that. */
const NOT_RUN = ['npx jobsweep start'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobsweep-cli-'));
  mkdirSync(join(folder, 'node_modules/@jobsweep'), { recursive: true });
  for (const [name, path] of packages) symlinkSync(join(root, path), join(folder, 'node_modules', name));
});
afterAll(() => rmSync(folder, { recursive: true }));

test(`${PAGE} shows what its commands print, one after the other in one folder`, async () => {
  const lines = commands();
  const printed: string[] = [];
  await withDatabasesFor(PAGE, async (env) => {
    for (const { line } of lines) {
      const args = line.slice(PREFIX.length).split(' ');
      const script = [
        JOBSWEEP,
        ...args,
        ...(args.includes('--config') ? [] : ['--config', join(folder, 'jobsweep.config.ts')]),
      ];
      printed.push(
        await runNode(script, { ...env, NO_COLOR: '1', FORCE_COLOR: undefined }, ({ output }) => output.trimEnd()),
      );
    }
  });
  if (process.env.UPDATE === '1') return rewrite(printed.map(anonymous));
  expect(printed.map(settle)).toEqual(lines.map(({ shown }) => settle(shown)));
});

/** The lines that are run, each with the block that shows what it prints. */
function commands(): { line: string; shown: string }[] {
  const blocks = blocksOf(readPage(PAGE));
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'sh' || !text.startsWith(PREFIX) || NOT_RUN.includes(text)) return [];
    expect(text, 'one command a block').not.toContain('\n');
    const next = blocks[index + 1];
    return [{ line: text, shown: next?.language === 'text' || next?.language === 'json' ? next.text : '' }];
  });
}

/** Puts what the commands print now into the page. */
function rewrite(printed: readonly string[]): void {
  const page = commands().reduce((text, { line, shown }, index) => {
    const command = `\`\`\`sh\n${line}\n\`\`\``;
    const at = text.indexOf(command) + command.length;
    return text.slice(0, at) + text.slice(at).replace(shown, () => printed[index] ?? '');
  }, readPage(PAGE));
  writeFileSync(join(root, PAGE), page);
}

const anonymous = (output: string) => output.replaceAll(new RegExp(`\\b${hostname()}\\b`, 'g'), 'host-1');

/** Names, times and versions differ from run to run, and with them the width of columns. */
function settle(output: string): string {
  return anonymous(output)
    .trimEnd()
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, '#')
    .replaceAll(/(jobsweep|Node|PostgreSQL) \d+(\.\d+)+/g, '$1 #')
    .replaceAll(/[\d.]+ (ms|s)\b/g, '#')
    .replaceAll(/("\w*(?:[sS]econds|Ms)": )[\d.]+/g, '$1#')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/ +$/gm, '');
}
