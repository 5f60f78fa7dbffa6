import { describe, expect, test } from 'vitest';
import type { NowAnswer, NowStrategy, Sent } from '../src/api/shapes.js';
import { LENGTH_STEPS } from '../ui/axis-steps.js';
import { Format } from '../ui/format.js';
import { healthOf, verdictOf } from '../ui/health.js';
import { routeOf } from '../ui/route.js';
import { en } from '../ui/words/en.js';
import { zhCn } from '../ui/words/zh-cn.js';
import { aPass, aStrategy } from './fakes.js';

const NOW = Date.parse('2026-03-01T10:30:00Z');
const sent = <Value>(value: Value) => JSON.parse(JSON.stringify(value)) as Sent<Value>;
const claim = {
  ...{ config: 'main', strategy: 'stuck_job_cleanup', term: 3, holder: null, isLapsed: false, emptyPasses: 0 },
  ...{
    startedAt: new Date(NOW),
    endedAt: new Date(NOW),
    expiresAt: null,
    approval: null,
    pause: null,
    pass: null,
    progress: null,
  },
};
const backlog = {
  ...{ due: 0, population: 9, undated: 0, oldestAgeSeconds: null, atMost: 10_000, lastRepair: null },
  ...{ ageSeconds: 1, problem: null },
};
const due = (overdueSeconds: number) => ({ ...backlog, due: 2, oldestAgeSeconds: 172_800 + overdueSeconds });

describe('how a strategy does', () => {
  const verdict = (strategy: Partial<NowStrategy>, passes: NowAnswer['passes'] = []) =>
    verdictOf(sent<NowStrategy>({ ...aStrategy(), backlog, claim, ...strategy }), sent(passes), NOW).why;
  const pause = { since: new Date(NOW), until: null, by: 'ann@laptop' };

  test.each<[string, Partial<NowStrategy>, string]>([
    ['nothing is due', {}, 'fine'],
    ['something is due until the next turn', { backlog: due(60) }, 'due'],
    ['something is due for longer than three turns', { backlog: due(3 * 3600 + 1) }, 'behind'],
    ['it is off', { isEnabled: false, backlog: due(1e6) }, 'off'],
    ['it is paused', { claim: { ...claim, pause }, backlog: due(60) }, 'paused'],
    ['it is paused, and its rows wait', { claim: { ...claim, pause }, backlog: due(1e6) }, 'pausedOverdue'],
    ['it is being counted', { backlog: null }, 'counting'],
    ['nobody can count it', { backlog: null, isCounted: false }, 'onTime'],
    ['it works', { claim: { ...claim, holder: 'a:1' }, backlog: due(1e6) }, 'working'],
    ['its runner went away', { claim: { ...claim, holder: 'a:1', isLapsed: true } }, 'lapsed'],
    ['its turn is long over', { nextDueAt: new Date(NOW - 3 * 3_600_000 - 1000) }, 'noRunner'],
    ['its rows cannot be counted', { backlog: { ageSeconds: 1, problem: { code: 'X', message: '' } } }, 'uncounted'],
    ['it observes', { mode: 'observe' }, 'observing'],
    ['it observes what is overdue', { mode: 'observe', backlog: due(1e6) }, 'observing'],
  ])('is told where %s', (_what, strategy, why) => {
    expect(verdict(strategy)).toBe(why);
  });

  test('is told by its last pass, unless later ones found nothing to do', () => {
    const failed = [aPass({ status: 'failed', stopReason: 'failed' }), aPass()];
    expect(verdict({}, failed)).toBe('failed');
    expect(verdict({ claim: { ...claim, emptyPasses: 1 } }, failed)).toBe('fine');
    expect(verdict({}, [aPass(), ...failed])).toBe('fine');
    expect(verdict({}, [aPass({ strategy: 'another', status: 'failed' })])).toBe('fine');
    expect(verdict({}, [aPass({ stopReason: 'tripped' })])).toBe('tripped');
  });
});

describe('how all strategies do', () => {
  const pause = { since: new Date(NOW), until: null, by: 'ann@laptop' };
  const paused = { claim: { ...claim, pause } };
  const health = (...strategies: Partial<NowStrategy>[]) =>
    healthOf(sent<NowStrategy[]>(strategies.map((one) => ({ ...aStrategy(), backlog, claim, ...one }))), [], NOW);

  test('is well where some keep up, which are those that repair', () => {
    expect(health({}, { mode: 'observe' }, paused, { isEnabled: false, backlog: null })).toMatchObject({
      ...{ level: 'good', why: 'good', keepUp: 1, paused: 1, observing: 1, troubled: [] },
    });
    const working = { ...claim, holder: 'a:1' };
    expect(health({ claim: working }, { claim: working, mode: 'observe' })).toMatchObject({ keepUp: 1, working: 2 });
  });

  test.each([
    ['nothing', 'note', [{ isEnabled: false, backlog: null }]],
    ['idle', 'note', [paused, { mode: 'observe' as const }]],
    ['counting', 'note', [{}, { backlog: null }]],
    ['counting', 'note', [{ ...paused, backlog: null }, {}]],
    ['attention', 'warn', [{ backlog: null }, { ...paused, backlog: due(1e6) }]],
    ['attention', 'bad', [{ nextDueAt: new Date(0) }, { ...paused, backlog: due(1e6) }]],
  ] as const)('is %s, as a %s', (why, level, strategies) => {
    expect(health(...strategies)).toMatchObject({ why, level });
  });
});

describe('what the page writes', () => {
  const format = new Format(en, 'en');

  test.each([
    [0, '0 ms'],
    [0.0534, '53 ms'],
    [1.25, '1.3 s'],
    [59, '59 s'],
    [61, '1 min 1 s'],
    [3600, '1 h'],
    [11 * 3600 + 60, '11 h'],
    [90_061, '1 d 1 h'],
  ])('of %d seconds is %s', (seconds, text) => {
    expect(format.length(seconds)).toBe(text);
  });

  test.each([
    [0, '0'],
    [0.02, '20 ms'],
    [30, '30 s'],
    [90, '1.5 min'],
    [5400, '1.5 h'],
    [4_320_000, '50 d'],
  ])('beside an axis at %d seconds is %s', (seconds, text) => {
    expect(format.tick(seconds)).toBe(text);
  });

  test('beside an axis is round', () => {
    for (const step of LENGTH_STEPS) {
      for (const count of [1, 2, 3]) expect(format.tick(count * step)).toMatch(/^[\d,]+(\.5)? \w+$/);
    }
    expect(LENGTH_STEPS.toSorted((one, other) => one - other)).toEqual(LENGTH_STEPS);
  });

  test('says where counting stopped', () => {
    expect([format.counted(9999, 10_000), format.counted(10_000, 10_000)]).toEqual(['9,999', '10,000+']);
  });

  test('is in Chinese as it is in English, and never empty', () => {
    const paths = (value: object, path = ''): string[] =>
      Object.entries(value).flatMap(([key, part]: [string, unknown]) =>
        typeof part === 'object' && part !== null ? paths(part, `${path}${key}.`) : [`${path}${key} ${typeof part}`],
      );
    expect(paths(zhCn).sort()).toEqual(paths(en).sort());
    expect(JSON.stringify([en, zhCn])).not.toContain('""');
  });

  test.each([
    ['', { view: 'now' }],
    ['#/nothing', { view: 'now' }],
    ['#/history?range=week&strategy=a%26b', { view: 'history', range: 'week', strategy: 'a&b' }],
    ['#/pass/a%2Fb', { view: 'pass', id: 'a/b' }],
    ['#/pass/%E0%A4%A', { view: 'pass', id: '%E0%A4%A' }],
    ['#/doctor', { view: 'doctor' }],
  ])('finds the view of %s', (hash, route) => {
    expect(routeOf(hash)).toEqual(route);
  });
});
