import type { Logger } from '@jobsweep/core';

/** A logger that writes lines for people: `info  [stuck_job_cleanup] ...`. */
export function linesTo(write: (line: string) => void): Logger {
  const at = (level: string) => (message: string) => write(`${level.padEnd(5)} ${message}`);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
