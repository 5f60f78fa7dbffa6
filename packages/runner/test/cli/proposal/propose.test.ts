import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { asOptions } from '../../../src/cli/init/proposal/as-options.js';
import { propose } from '../../../src/cli/init/proposal/propose.js';
import { configText } from '../../../src/cli/init/template.js';
import { wordsOf } from '../../../src/words/words.js';
import { aFolder } from '../support/command.js';
import { factsOf, proposed, shown } from './support.js';

const TIMES = 'started_at timestamptz, finished_at timestamptz';
const { proposal: words } = wordsOf('en');

test('numbers say nothing of states, until somebody says it', () => {
  const facts = factsOf('postgres', {
    tasks: { columns: `id bigint, state smallint, ${TIMES}`, values: { state: { 1: 12, 2: 3, 9: 1 } } },
  });
  expect(propose(facts)).toMatchObject({ kind: 'statesUnknown', table: 'tasks', column: 'state' });
  const states = new Map([
    ['1', 'RUNNING'],
    ['2', 'FAILED'],
    ['9', null],
  ]);
  const { lines, unknown } = proposed(facts, { states });
  expect(shown(lines)).toEqual(expect.arrayContaining(['jobs.states.RUNNING: 1', 'jobs.states.FAILED: 2']));
  expect(unknown.states).toEqual([{ value: '9', rows: 1, hasMore: false }]);
});

test('several tables that could be it are named, and the one of a flag is known', () => {
  const one = { columns: `id bigint, status text, ${TIMES}`, values: { status: { running: 1 } } };
  const facts = factsOf('postgres', { image_jobs: one, mail_jobs: one, job_logs: one });
  const [table] = proposed(facts).lines;
  expect(table).toMatchObject({ value: 'image_jobs', reasons: [{ kind: 'tableLike', others: ['mail_jobs'] }] });
  expect(shown(proposed(facts, { jobsTable: 'job_logs' }).lines)[0]).toBe('jobs.table: job_logs');
  expect(propose(facts, { jobsTable: 'jobs' })).toEqual({ kind: 'noTable', table: 'jobs' });
});

test.each([
  ['noJobs', 'people', 'id bigint, name text, state text', undefined],
  ['noState', 'jobs', `id bigint, ${TIMES}`, 'jobs'],
  ['noStart', 'jobs', 'id bigint, state text, finished_at timestamptz', 'jobs'],
])('says what is missing: %s', (kind, name, columns, jobsTable) => {
  expect(propose(factsOf('postgres', { [name]: { columns } }), { jobsTable })).toMatchObject({ kind });
});

test('the size of numbers tells seconds from milliseconds, and the form of texts that they are times', () => {
  const facts = factsOf('postgres', {
    jobs: {
      columns: 'id bigint, state text, start_time bigint, end_time text, heartbeat_at bigint',
      values: {
        state: { RUNNING: 1 },
        start_time: { 1700000000: 1, 0: 3 },
        end_time: { '2026-01-01T00:00:00Z': 2 },
        heartbeat_at: { 1700000000000: 1 },
      },
    },
  });
  expect(shown(proposed(facts).lines)).toEqual(
    expect.arrayContaining([
      'jobs.columns.startTime: {"column":"start_time","codec":"epochSeconds","unset":[0]}',
      'jobs.columns.endTime: {"column":"end_time","codec":"isoText"}',
      '? filters.ageColumn: {"column":"heartbeat_at","codec":"epochMillis"}',
    ]),
  );
});

test('times without a zone are of the zone that somebody says', () => {
  const facts = factsOf('mysql', {
    jobs: { columns: 'id bigint, state text, start_time datetime', values: { state: { RUNNING: 1 } } },
  });
  expect(shown(proposed(facts).lines)).toContain(
    '? jobs.columns.startTime: {"column":"start_time","codec":"utcDateTime"}',
  );
  expect(shown(proposed(facts, { timeZone: 'Europe/Berlin' }).lines)).toContain(
    'jobs.columns.startTime: {"column":"start_time","codec":"localDateTime","timeZone":"Europe/Berlin"}',
  );
});

test('what is confirmed is no assumption any more, and the rest of a line stays one', () => {
  const facts = factsOf('mysql', {
    tasks: { columns: 'id bigint, state text, began datetime', values: { state: { running: 1 } } },
  });
  const start = 'schema.jobs.columns.startTime';
  const assumedOf = (confirmed: readonly ('columns' | 'times')[]) =>
    asOptions(proposed(facts, { confirmed }), words).assumptions[`store.${start}`];
  expect(assumedOf([])).toBe('by its name; no zone, taken for UTC');
  expect(assumedOf(['columns'])).toBe('no zone, taken for UTC');
  expect(assumedOf(['columns', 'times'])).toBeUndefined();
});

test('names and values of any kind are written as they are, and end no comment', async () => {
  const hostile = `it's \${HOME}\n\\ */ //`;
  const facts = factsOf('postgres', {
    [`${hostile} jobs`]: {
      columns: `id bigint, status text, ${TIMES}`,
      values: { status: { [hostile]: 1, running: 2 } },
    },
  });
  const choices = {
    database: 'postgres',
    adapter: '@jobsweep/repo-knex',
    variable: 'PG_URL',
    jobsTable: '',
    allocationsTable: null,
  } as const;
  const states = new Map([[hostile, 'COMPLETED']]);
  const text = configText(choices, proposed(facts, { states }), 'mjs', { locale: 'en', words: wordsOf('en') });
  const module = text.replace(/^import.*$/m, 'const defineConfig = (config) => config;');
  const file = join(aFolder({ 'config.mjs': module }), 'config.mjs');
  const { default: config } = (await import(pathToFileURL(file).href)) as {
    readonly default: { readonly store: { readonly schema: { readonly jobs: object } } };
  };
  const escaped = hostile.replace('$', '$$$$');
  expect(config.store.schema.jobs).toMatchObject({ table: `${escaped} jobs`, states: { COMPLETED: escaped } });
});
