import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverUrl } from '@jobsweep/test-engines/vitest';
import { expect, test } from 'vitest';
import { readJson, runDemo } from './support/demo.js';
import { blocksOf } from './support/markdown.js';
import { pages, readPage, root } from './support/pages.js';
import { runNode } from './support/run.js';

const PAGE = 'docs/demo.md';
const PICTURE = 'images/demo.svg';

test('every json block is JSON', () => {
  const blocks = pages.flatMap((page) => blocksOf(readPage(page))).filter(({ language }) => language === 'json');
  for (const { text } of blocks) expect(() => JSON.parse(text) as unknown).not.toThrow();
});

test.concurrent('the JSON of the demo is as shown, but for durations and the release of the server', async () => {
  const shown = blocksOf(readPage(PAGE)).find(({ language }) => language === 'json')?.text ?? '';
  const written = await runDemo('npm run demo -- --json result.json', ({ folder }) => readJson(folder, 'result.json'));
  expect(settle(JSON.stringify(written, null, 2))).toBe(settle(shown));
});

test.concurrent('the flags are all those that the help lists', async () => {
  const listed = await runDemo('npm run demo -- --help', ({ output }) =>
    flagsIn(output, /^ {2}(-[^ ]+(?:, --\S+)?)/gm),
  );
  expect(flagsIn(readPage(PAGE), /^\| `(--?[^` ]+)/gm)).toEqual(listed.map((flag) => flag.replace(/,.*/, '')));
});

test.concurrent('the picture shows what the demo prints', async () => {
  const script = join(root, 'docs/picture.mjs');
  await runNode([script, 'now.svg'], { PG_URL: serverUrl('postgres') }, ({ folder, output, status }) => {
    expect(status, output).toBe(0);
    expect(wordsIn(join(folder, 'now.svg'))).toEqual(wordsIn(join(root, 'docs', PICTURE)));
  });
});

function flagsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, flag = '']) => flag);
}

/** The text of a picture, without what differs from server to server and from run to run. */
function wordsIn(picture: string): string[] {
  const svg = readFileSync(picture, 'utf8');
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, words = '']) =>
    words.replace(/^(\d+ ms|\d+\.\d s)$/, '#').replace(/^PostgreSQL [^,]*/, 'PostgreSQL'),
  );
}

function settle(json: string): string {
  return json.replaceAll(/"durationMs": \d+/g, '"durationMs": 0').replace(/(?<="server": "\w+) [^"]*/, '');
}
