import { invalidOption } from './errors.js';
import { visible } from './visible.js';

/** Where strategies and runner write. `console`, pino and most loggers fit as they are. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export type LogLevel = keyof Logger;

/** The default: a library does not print unless it is asked to. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

const LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/**
 * A logger for everything from outside that logs. It gets one line a message, whatever the names and texts of strangers in
 * it hold: see `visible`. Nothing that it throws or rejects with comes back: work that is done stays done, whether or not a
 * line about it can be written. Throws `INVALID_OPTION` for one that lacks a method.
 *
 * @param levels the methods that are needed. Default: all.
 */
export function safeLogger<Level extends LogLevel = LogLevel>(
  logger: Pick<Logger, Level>,
  levels: readonly Level[] = LEVELS as readonly LogLevel[] as readonly Level[],
): Pick<Logger, Level> {
  const given: Partial<Record<string, (message: string) => unknown>> = Object(logger) as object;
  const safely = (level: Level) => {
    if (typeof given[level] !== 'function') throw lacks(level);
    return (message: string) => {
      try {
        // One that gives a promise may reject it.
        Promise.resolve(given[level]?.(visible(message))).catch(() => undefined);
      } catch {
        // There is nobody left to tell.
      }
    };
  };
  return Object.fromEntries(levels.map((level) => [level, safely(level)])) as unknown as Pick<Logger, Level>;
}

function lacks(level: LogLevel): Error {
  const fix =
    'give an object with the methods debug, info, warn and error; for a logger of other names, as that of NestJS, ' +
    `one that calls it, such as { ${level}: (message) => logger.log(message), ... }`;
  return invalidOption(`logger.${level}`, undefined, fix);
}
