import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { blocksOf } from './markdown.js';
import { packages, readPage, root } from './pages.js';

/** Pages whose commands are run, one after the other in one folder on one database. */
export const COMMAND_PAGES = ['docs/cli.md', 'docs/operations.md', 'docs/first-week.md'] as const;

const JOBSWEEP = join(root, 'packages/runner/bin/jobsweep.js');
const PREFIX = 'npx jobsweep ';

/** A command of a page, with the block that shows what it prints; empty where there is none. */
export interface Command {
  readonly line: string;
  readonly shown: string;
}

const isCommand = (line: string): boolean => line.startsWith(PREFIX);

/** Runs until it is stopped: two-runners.test.ts does that. */
const isStart = (line: string): boolean => line.startsWith(`${PREFIX}start`);

/** A file that the reader of a page writes. */
export interface Saved {
  readonly name: string;
  readonly text: string;
}

/** The commands that end by themselves, in the order of a page. */
export const commandsOf = (page: string): Command[] => stepsOf(page).filter((step) => 'line' in step);

/** The same, and the files that are written before them. */
export function stepsOf(page: string): (Command | Saved)[] {
  const blocks = blocksOf(readPage(page));
  return blocks.flatMap(({ language, text, savedAs }, index): (Command | Saved)[] => {
    if (savedAs !== undefined) return [{ name: savedAs, text }];
    if (language !== 'sh' || !isCommand(text) || isStart(text)) return [];
    expect(text, 'one command a block').not.toContain('\n');
    const next = blocks[index + 1];
    return [{ line: text, shown: next?.language === 'text' || next?.language === 'json' ? next.text : '' }];
  });
}

/** The lines of a page that start a runner. */
export function startsOf(page: string): string[] {
  return blocksOf(readPage(page)).flatMap(({ language, text }) =>
    language === 'sh' ? text.split('\n').filter(isStart) : [],
  );
}

/** What Node gets for a command. */
export function argumentsOf(line: string, folder: string): string[] {
  const args = line.slice(PREFIX.length).split(' ');
  const config = args.includes('--config') ? [] : ['--config', join(folder, 'jobsweep.config.ts')];
  return [JOBSWEEP, ...args, ...config];
}

/** Does some work in a folder in which the packages are installed. */
export async function withInstalledPackages<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'jobsweep-commands-'));
  try {
    mkdirSync(join(folder, 'node_modules/@jobsweep'), { recursive: true });
    for (const [name, path] of packages) symlinkSync(join(root, path), join(folder, 'node_modules', name));
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Puts what the commands print now into the blocks of a page that show it. */
export function rewrite(page: string, printed: readonly string[]): void {
  const text = commandsOf(page).reduce((before, { line, shown }, index) => {
    const command = `\`\`\`sh\n${line}\n\`\`\`\n\n`;
    const at = before.indexOf(command) + command.length;
    const [fence = ''] = /^```(?:text|json)\n/.exec(before.slice(at)) ?? [];
    if (fence === '') return before;
    const start = at + fence.length;
    return before.slice(0, start) + before.slice(start).replace(shown, () => anonymous(printed[index] ?? ''));
  }, readPage(page));
  writeFileSync(join(root, page), text);
}

const anonymous = (output: string) =>
  output
    .replaceAll(`${userInfo().username}@${hostname()}`, 'ada@host-1')
    .replaceAll(new RegExp(`\\b${hostname()}\\b`, 'g'), 'host-1');

/** Names, times and versions differ from run to run, and with them the width of columns. */
export function settle(output: string): string {
  return anonymous(output)
    .trimEnd()
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, '#')
    .replaceAll(/(jobsweep|Node|PostgreSQL) \d+(\.\d+)+/g, '$1 #')
    .replaceAll(/\b[0-9a-f]{20}\b/g, '#')
    .replaceAll(/\bhost-1:\d+:[0-9a-f]{8}\b/g, 'host-1:#')
    .replaceAll(/[\d.]+ (ms|s)\b|\d+\.\d min\b/g, '#')
    .replaceAll(/("\w*(?:[sS]econds|Ms)": )[\d.]+/g, '$1#')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/ +$/gm, '');
}
