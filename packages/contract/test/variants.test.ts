import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { variants } from './variants/index.js';

/** A test that ran, and what came of it; those that were left out are `skipped`. */
interface Ran {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
}

/** Tens of thousands of tests are described, and a hundred of them run. */
const TIMEOUT_MS = 120_000;
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const VITEST = join(createRequire(import.meta.url).resolve('vitest/package.json'), '../vitest.mjs');

describe('the suite finds a memory adapter', () => {
  const statusOf = new Map<string, string>();

  beforeAll(async () => {
    for (const { ancestorTitles, title, status } of await runNamedTests()) {
      if (status === 'passed' || status === 'failed') statusOf.set([...ancestorTitles, title].join(' > '), status);
    }
  }, TIMEOUT_MS);

  test.each(variants.map(({ name, fault, failsIn }) => [fault, name, failsIn]))(
    'in which %s',
    (_fault, name, failsIn) => {
      expect(statusOf.get(`${name} > ${failsIn}`), failsIn).toBe('failed');
    },
  );
});

test('README.md lists the faults and the tests that find them', async () => {
  const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('|'));
  const cells = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(cells.slice(2)).toEqual(variants.map(({ fault, failsIn }) => [fault, failsIn]));
});

/** Runs, for each variant, the test that is named for it: in a vitest of its own, because they are to fail. */
async function runNamedTests(): Promise<Ran[]> {
  const folder = await mkdtemp(join(tmpdir(), 'jobsweep-variants-'));
  try {
    const outputFile = join(folder, 'results.json');
    const names = variants.map(({ name, failsIn }) => `${name} ${failsIn.replaceAll(' > ', ' ')}`);
    const pattern = `^(${names.map(literally).join('|')})$`;
    const report = ['--reporter=json', '--outputFile', outputFile];
    const args = [VITEST, 'run', '--config', 'test/variants/vitest.config.ts', ...report, '-t', pattern];
    // It ends with an error, as it should.
    await promisify(execFile)(process.execPath, args, { cwd: PACKAGE }).catch(() => undefined);
    const { testResults } = JSON.parse(await readFile(outputFile, 'utf8')) as {
      testResults: { assertionResults: Ran[] }[];
    };
    return testResults.flatMap(({ assertionResults }) => assertionResults);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The text as a regular expression that matches nothing else. */
const literally = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
