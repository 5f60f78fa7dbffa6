import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LogLevel } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { createLogger, type LogOptions, logPasses, withoutSecrets } from '../../src/observe/index.js';
import { ended, fakeRunner } from '../support/fake-runner.js';

function logging(options: LogOptions = {}, isTTY = false) {
  const written: string[] = [];
  const logger = createLogger({ output: { isTTY, write: (text) => written.push(text) }, ...options });
  return { logger, written, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('A logger', () => {
  test('writes one JSON line each, with the strategy that the text names', () => {
    const { logger, lines } = logging();
    logger.info('[stuck_job_cleanup] Left 3 rows that others hold to the next pass');
    logger.warn('♻️  [stale_reservation_cleanup] Job 4: reserved for 20.0 min');
    logger.error('The database is away');
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(lines()).toEqual([
      {
        level: 'info',
        time,
        strategy: 'stuck_job_cleanup',
        msg: '[stuck_job_cleanup] Left 3 rows that others hold to the next pass',
      },
      {
        level: 'warn',
        time,
        strategy: 'stale_reservation_cleanup',
        msg: '♻️  [stale_reservation_cleanup] Job 4: reserved for 20.0 min',
      },
      { level: 'error', time, msg: 'The database is away' },
    ]);
  });

  test.each([
    [undefined, ['info', 'warn', 'error']],
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['error', ['error']],
  ] as const)('with level %s writes %j', (level, expected) => {
    const { logger, lines } = logging(level && { level });
    for (const at of ['debug', 'info', 'warn', 'error'] as const) logger[at](at);
    expect(lines().map(({ msg }) => msg)).toEqual(expected);
  });

  test('writes for people on a terminal, in colours unless NO_COLOR is set', () => {
    const { logger, written } = logging({ colors: false }, true);
    logger.warn('[a] Row 1 cannot be repaired');
    expect(written.join('')).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: \[a\] Row 1 cannot be repaired\n$/);
    const colored = logging({ colors: true }, true);
    colored.logger.warn('x');
    expect(colored.written.join('')).toContain('\u001b[');
  });

  test('writes JSON on a terminal, or lines for people elsewhere, when told so', () => {
    const json = logging({ format: 'json' }, true);
    json.logger.info('x');
    expect(json.lines()).toMatchObject([{ msg: 'x' }]);
    const pretty = logging({ format: 'pretty' });
    pretty.logger.info('x');
    expect(pretty.written.join('')).toMatch(/INFO: x\n$/);
  });

  test.each([
    [{ level: 'loud' as LogLevel }, /^log\.level is 'loud': use one of debug, info, warn, error\.$/],
    [{ format: 'xml' as 'json' }, /^log\.format is 'xml': use one of auto, json, pretty\.$/],
  ])('refuses %j', (options, message) => {
    expect(() => logging(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });

  test('has written the last line when the process exits right after it', () => {
    const module = fileURLToPath(new URL('../../dist/observe/index.js', import.meta.url));
    const program = `import { createLogger } from ${JSON.stringify(module)};
      const logger = createLogger({ output: process.stdout });
      for (let line = 0; line < 5000; line++) logger.info('line ' + line);
      process.exit(1);`;
    const run = () =>
      execFileSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        maxBuffer: 100_000_000,
      });
    const output = (() => {
      try {
        return run();
      } catch (error) {
        return String((error as { stdout: string }).stdout);
      }
    })();
    expect(output.trimEnd().split('\n').at(-1)).toContain('line 4999');
  });
});

describe('Secrets', () => {
  const hidden = [
    ['postgres://ann:geheim@db:5432/cluster', 'postgres://ann:***@db:5432/cluster'],
    ['mysql://:geheim@db/cluster is away', 'mysql://:***@db/cluster is away'],
    ['mongodb+srv://ann:ge@heim@db/?a=b', 'mongodb+srv://ann:***@db/?a=b'],
    ['postgres://db/cluster?user=ann&password=geheim&ssl=true', 'postgres://db/cluster?user=ann&password=***&ssl=true'],
    ['host=db password=geheim user=ann', 'host=db password=*** user=ann'],
    ['{"user":"ann","password":"ge\\"heim"}', '{"user":"ann","password":"***"}'],
  ] as const;

  test.each(hidden)('in %j are not written', (text, clean) => {
    expect(withoutSecrets(text)).toBe(clean);
    const { logger, lines } = logging();
    logger.error(text);
    logger.log('info', 'x', { detail: text });
    const [asMessage, asField] = lines();
    expect(JSON.stringify([asMessage?.msg, asField?.detail])).not.toMatch(/ge\W*heim/);
  });

  test('that only you know are left out of texts and fields, whatever signs they have', () => {
    const token = 'ge"h\u00e4\\im';
    const { logger, lines } = logging({ redact: (text) => withoutSecrets(text, [token]) });
    logger.info(`with ${token} and postgres://ann:geheim@db`);
    logger.log('info', 'x', { token, rows: 3 });
    expect(lines()).toMatchObject([{ msg: 'with *** and postgres://ann:***@db' }, { token: '***', rows: 3 }]);
  });

  test('are not seen in what has none', () => {
    const text = 'Ask https://example.org/a?b=c, mail ann@example.org: the token is gone; 10:30@noon';
    expect(withoutSecrets(text)).toBe(text);
  });

  test('are looked for in no more time than the text is long', () => {
    const long = `${'a'.repeat(100_000)} ${'a://b:'.repeat(2000)}`;
    const started = performance.now();
    withoutSecrets(long);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('The log of passes', () => {
  test('has a line at info, with counts as fields, for a pass that found something', () => {
    const { runner, emit } = fakeRunner();
    const { logger, lines } = logging();
    logPasses(runner, logger);
    const counts = {
      itemsFound: 9,
      itemsCleaned: 4,
      itemsContended: 2,
      itemsPassedOver: 1,
      itemsBlocked: 1,
      itemsUnknown: 1,
    };
    emit('pass:end', ended('stuck_job_cleanup', { ...counts, stopReason: 'blocked', durationMs: 1234.56, batches: 2 }));
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        strategy: 'stuck_job_cleanup',
        status: 'done',
        stopReason: 'blocked',
        durationMs: 1235,
        batches: 2,
        ...counts,
        msg: '[stuck_job_cleanup] Pass of 1.2 s, blocked: 4 cleaned, 2 contended, 1 passed over, 1 blocked, 1 unknown',
      },
    ]);
  });

  test('has nothing at info for passes with nothing to do, nor for turns without a pass', () => {
    const { runner, emit } = fakeRunner();
    const { logger, written } = logging();
    logPasses(runner, logger);
    for (let tick = 0; tick < 1000; tick++) {
      emit('pass:start', { strategy: 'stuck_job_cleanup', claim: { lapsed: null } });
      emit('pass:end', ended('stuck_job_cleanup', { status: 'skipped' }));
      emit('pass:end', { strategy: 'a', report: { name: 'a', description: '', status: 'notDue' } });
    }
    expect(written).toEqual([]);
  });

  test('ends when told so', () => {
    const { runner, isHeard } = fakeRunner();
    logPasses(runner, logging().logger)();
    expect(isHeard()).toBe(false);
  });
});
