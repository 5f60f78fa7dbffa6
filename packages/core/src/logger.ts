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

/** A logger that gets one line a message, whatever the names and texts of strangers in it hold: see `visible`. */
export function lineLogger(logger: Logger): Logger {
  const at = (level: LogLevel) => (message: string) => logger[level](visible(message));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
