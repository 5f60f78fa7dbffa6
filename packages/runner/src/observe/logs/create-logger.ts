import { invalidOption, type Logger, type LogLevel, visible, visibleJson, withoutSecrets } from '@jobsweep/core';
import { type DestinationStream, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];
const FORMATS = ['auto', 'json', 'pretty'] as const;

/** Where lines go: `process.stderr`, or anything like it. */
export interface LogOutput {
  readonly isTTY?: boolean;
  /** Written to at once and to the end, where there is one. */
  readonly fd?: number;
  write(text: string): unknown;
}

/** How to log. */
export interface LogOptions {
  /** Lines below it are left out. Default: `info`. */
  readonly level?: LogLevel;
  /** `auto`: for people on a terminal, JSON elsewhere. Default: `auto`. */
  readonly format?: (typeof FORMATS)[number];
  /** Takes out of each text what nobody may read. Default: `withoutSecrets`, which knows passwords by their place. */
  readonly redact?: (text: string) => string;
  /** Default: `process.stderr`, so that the output of a command stays its own. */
  readonly output?: LogOutput;
  /** Whether the lines for people have colours. Default: on a terminal, unless NO_COLOR is set. */
  readonly colors?: boolean;
}

/** Numbers and names that belong to a line. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** A logger whose lines can have fields. */
export interface ServiceLogger extends Logger {
  log(level: LogLevel, message: string, fields: LogFields): void;
}

/**
 * A logger that writes each line before it returns, so that the last one is not lost when the process ends: JSON with
 * `time`, `level`, `msg`, and `strategy` where the text names one, or a coloured line for people.
 *
 * Throws `INVALID_OPTION` for a level or format that it does not know.
 *
 * @example
 * const logger = createLogger({ level: 'debug', redact: (text) => withoutSecrets(text, [token]) });
 * const runner = createRunner({ store, logger });
 */
export function createLogger(options: LogOptions = {}): ServiceLogger {
  const { level = 'info', format = 'auto', output = process.stderr, redact = withoutSecrets } = options;
  if (!LEVELS.includes(level)) throw invalidOption('log.level', level, `use one of ${LEVELS.join(', ')}`);
  if (!FORMATS.includes(format)) throw invalidOption('log.format', format, `use one of ${FORMATS.join(', ')}`);
  const isPretty = format === 'auto' ? output.isTTY === true : format === 'pretty';
  const lines = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination(output, isPretty ? prettyLines(output, options.colors) : visibleJson),
  );
  const log: ServiceLogger['log'] = (at, message, fields) => {
    const clean = Object.entries({ ...strategyOf(message), ...fields }).map(([name, value]) => [
      name,
      typeof value === 'string' ? redact(value) : value,
    ]);
    // JSON has rules of its own for what nobody sees.
    lines[at](Object.fromEntries(clean), isPretty ? visible(redact(message)) : redact(message));
  };
  const writer = (at: LogLevel) => (message: string) => log(at, message, {});
  return { log, debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

function destination(output: LogOutput, shown: (line: string) => string): DestinationStream {
  const { fd } = output;
  // A pipe that is full takes lines later when Node writes to it, and never once the process has ended.
  const target = fd === undefined ? output : pino.destination({ dest: fd, sync: true });
  return { write: (line) => void target.write(shown(line)) };
}

const prettyLines = ({ isTTY }: LogOutput, colors = isTTY === true && (process.env.NO_COLOR ?? '') === '') =>
  prettyFactory({
    colorize: colors,
    translateTime: 'SYS:HH:MM:ss',
    // The text begins with the strategy and has the counts already.
    hideObject: true,
  });

/** The strategy that a text of the strategies and the pass names: `[stuck_job_cleanup] ...`, maybe after a sign. */
function strategyOf(message: string): LogFields {
  const [, strategy] = /^(?:[^\s[]+\s+)?\[([a-z0-9_-]+)\] /i.exec(message) ?? [];
  return strategy === undefined ? {} : { strategy };
}
