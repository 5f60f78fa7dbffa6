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
