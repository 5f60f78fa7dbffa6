import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasEnginesFor, withDatabasesFor } from './support/database.js';
import { pages, readPage, root } from './support/pages.js';
import { compile, isRun, type Program, programsOf } from './support/programs.js';
import { runNode } from './support/run.js';

const PRELUDE = fileURLToPath(new URL('support/prelude.mjs', import.meta.url));

// Its blocks are those of README.md; translation.test.ts compares them.
const programsByPage = new Map(
  pages.filter((page) => page !== 'README.zh-CN.md').map((page) => [page, programsOf(page)] as const),
);

describe('the ts and sql blocks of the pages', () => {
  let errors: readonly string[] = [];
  beforeAll(() => {
    errors = compile([...programsByPage.values()].flat());
  });

  test('type-check as strictly as the packages', () => {
    expect(errors).toEqual([]);
  });

  test.concurrent.for([...programsByPage].filter(([page, programs]) => programs.length > 0 && hasEnginesFor(page)))(
    '%s runs and prints what it shows',
    async ([page, programs]) => {
      await withDatabasesFor(page, async (env) => {
        for (const program of programs) {
          const printed = await printedBy(program, env);
          if (process.env.UPDATE === '1') rewrite(program, printed);
          else expect(settled(printed)).toEqual(settled(shownBy(program)));
        }
      });
    },
  );
});

/** What each block printed, under the line that it begins in. */
async function printedBy({ script, page }: Program, env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  return runNode(['--enable-source-maps', '--import', PRELUDE, script], env, ({ status, output }) => {
    if (status !== 0) throw new Error(`A program of ${page} ended with status ${status}:\n${output}`);
    const parts = output.split('\u0001').slice(1);
    return Object.fromEntries(
      parts.map((part) => {
        const end = part.indexOf('\n');
        return [`${page}:${part.slice(0, end)}`, part.slice(end + 1).trimEnd()];
      }),
    );
  });
}

/** What the page says that each block prints: the `text` block that follows it, or nothing. */
function shownBy({ page, blocks }: Program): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [index, block] of blocks.entries()) {
    if (!isRun(block)) continue;
    const next = blocks[index + 1];
    shown[`${page}:${block.line}`] = next?.language === 'text' ? next.text.trimEnd() : '';
  }
  return shown;
}

/** Puts what the blocks print now into the page, where that is not just the time of the day. */
function rewrite(program: Program, printed: Readonly<Record<string, string>>): void {
  const path = join(root, program.page);
  const page = Object.entries(shownBy(program)).reduce((text, [block, old]) => {
    const now = printed[block] ?? '';
    return old === '' || settle(old) === settle(now) ? text : text.replace(`\n${old}\n`, () => `\n${now}\n`);
  }, readPage(program.page));
  writeFileSync(path, page);
}

const settled = (blocks: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(blocks).map(([block, text]) => [block, settle(text)]));

/** Durations, ages and times differ from run to run. */
function settle(text: string): string {
  return text
    .trimEnd()
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '#')
    .replaceAll(/\d+(\.\d+)? ms\b/g, '# ms')
    .replaceAll(/\d+\.\d min\b/g, '# min');
}
