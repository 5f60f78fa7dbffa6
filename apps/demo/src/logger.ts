import type { Logger, LogLevel } from '@jobsweep/core';

/** Writes log lines to standard error, so that standard output stays the report's. */
export const consoleLogger: Logger = {
  debug: (message) => writeLine('debug', message),
  info: (message) => writeLine('info', message),
  warn: (message) => writeLine('warn', message),
  error: (message) => writeLine('error', message),
};

function writeLine(level: LogLevel, message: string): void {
  process.stderr.write(`${level.padEnd(5)} ${message}\n`);
}
