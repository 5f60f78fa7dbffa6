import { describe, expect, test } from 'vitest';
import { InputError } from '../src/errors.js';
import { localeOf, parseOptions } from '../src/options.js';
import { demoTexts } from '../src/texts/demo-texts.js';

const parse = (args: readonly string[], write: (text: string) => void = () => {}) =>
  parseOptions(args, demoTexts[localeOf(args)], '/folder', write);

/** What is said about bad arguments. */
function complaint(args: readonly string[]): string {
  try {
    parse(args);
  } catch (error) {
    if (error instanceof InputError) return demoTexts.en.problem(error.problem);
    throw error;
  }
  throw new Error('no complaint');
}

describe('bad arguments', () => {
  test.each([
    [['--bogus'], "unknown option '--bogus' (see --help)"],
    [['--rwos', '5'], "unknown option '--rwos' (Did you mean --rows?) (see --help)"],
    [['extra'], 'too many arguments. Expected 0 arguments but got 1. (see --help)'],
    [['--rows'], "option '--rows <n>' argument missing (see --help)"],
    [['--rows', '0'], '--rows 0: give a whole number from 1 to 100000000'],
    [['--rows', '1e3'], '--rows 1e3: give a whole number from 1 to 100000000'],
    [['--rows', '-5'], '--rows -5: give a whole number from 1 to 100000000'],
    [['--seed', '1.5'], '--seed 1.5: give a whole number from 0 to 9007199254740991'],
    [['--leaked-percent', '101'], '--leaked-percent 101: give a number from 0 to 100'],
    [['--stale-percent', 'half'], '--stale-percent half: give a number from 0 to 100'],
    [['--reservations', ''], '--reservations : give a whole number from 0 to 100000'],
    [['--long-jobs', '100001'], '--long-jobs 100001: give a whole number from 0 to 100000'],
    [['--long-days', '5'], '--long-days 5: give two numbers from 0.1 to 3650, such as 1-10'],
    [['--long-days', '5-2'], '--long-days 5-2: give two numbers from 0.1 to 3650, such as 1-10'],
    [['--long-days', '1-2-3'], '--long-days 1-2-3: give two numbers from 0.1 to 3650, such as 1-10'],
    [['--locale', 'fr'], '--locale fr: give en or zh-CN'],
    [['--adapter', 'prisma'], '--adapter prisma: give knex, typeorm or mongo'],
    [['--database', 'oracle'], '--database oracle: give postgres, mysql, mariadb or mongodb'],
    [
      ['--adapter', 'mongo', '--database', 'mysql'],
      '--adapter mongo --database mysql: there is no such pair, give knex with postgres, mysql or mariadb; typeorm with postgres, mysql or mariadb; mongo with mongodb',
    ],
  ])('%j', (args, line) => {
    expect(complaint(args)).toBe(line);
  });
});

describe('good arguments', () => {
  test('none: the defaults of the specification', () => {
    const { trace, ...options } = parse([]) ?? {};
    expect(trace?.shown).toBe('NASA-iPSC-1993-3.1-cln.swf.gz');
    expect(options).toEqual({
      pair: { adapter: 'knex', database: 'postgres' },
      rows: undefined,
      damage: {
        seed: 1,
        leakedPercent: 3,
        reservations: 200,
        stalePercent: 50,
        longJobs: 50,
        longDays: { from: 1, to: 10 },
        healthyJobs: 60,
        siblingJobs: 20,
        requeuedJobs: 20,
      },
      purge: false,
      undo: false,
      keep: false,
      json: undefined,
      verbose: false,
    });
  });

  test.each([
    ['--adapter typeorm', 'typeorm postgres'],
    ['--database mariadb', 'knex mariadb'],
    ['--database mysql --adapter typeorm', 'typeorm mysql'],
    ['--adapter mongo', 'mongo mongodb'],
    ['--database mongodb', 'mongo mongodb'],
  ])('%s is %s', (args, pair) => {
    const found = parse(args.split(' '))?.pair;
    expect(`${found?.adapter} ${found?.database}`).toBe(pair);
  });

  test('paths are relative to the given folder, and shown as they were typed', () => {
    expect(parse(['--trace', 'a/b.swf', '--json', 'c.json'])).toMatchObject({
      trace: { path: '/folder/a/b.swf', shown: 'a/b.swf' },
      json: '/folder/c.json',
    });
    expect(parse(['--trace=/b.swf'])?.trace.path).toBe('/b.swf');
  });

  test('every number has its place', () => {
    const args = '--seed 9 --leaked-percent 0.5 --reservations 1 --stale-percent 2 --long-jobs 3 --long-days 2-2.5';
    const more = '--healthy-jobs 4 --sibling-jobs 5 --requeued-jobs 6 --rows 7 --purge --undo --keep --verbose';
    expect(parse(`${args} ${more}`.split(' '))).toMatchObject({
      rows: 7,
      damage: {
        seed: 9,
        leakedPercent: 0.5,
        reservations: 1,
        stalePercent: 2,
        longJobs: 3,
        longDays: { from: 2, to: 2.5 },
        healthyJobs: 4,
        siblingJobs: 5,
        requeuedJobs: 6,
      },
      purge: true,
      undo: true,
      keep: true,
      verbose: true,
    });
  });

  test('the language is known before anything can be said', () => {
    expect(localeOf(['--bogus', '--locale', 'zh-CN'])).toBe('zh-CN');
    expect(localeOf(['--locale=zh-CN', '--help'])).toBe('zh-CN');
    expect(localeOf(['--rows', '5'])).toBe('en');
  });
});

test.each(['en', 'zh-CN'])('--help names every option with its default, and shows examples (%s)', (locale) => {
  let shown = '';
  const given = parse(['--help', '--locale', locale], (text) => {
    shown += text;
  });
  expect(given).toBeUndefined();
  for (const option of 'trace rows seed leaked-percent stale-percent long-days purge keep json locale'.split(' ')) {
    expect(shown).toContain(`--${option}`);
  }
  expect(shown).toContain(locale === 'en' ? '(default: 1-10)' : '（默认：1-10）');
  expect(shown).toContain('--rows 1000000 --purge');
});
