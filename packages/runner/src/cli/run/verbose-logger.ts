import type { Logger } from '@jobsweep/core';
import { createLogger } from '../../observe/logs/create-logger.js';
import type { Output } from '../output/output.js';

/** A logger of everything, in lines for people: `info  [stuck_job_cleanup] ...`. */
export function verboseLogger(output: Output): Logger {
  const at = (level: string) => (message: string) => output.complain(`${level.padEnd(5)} ${message}`);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** The same for programs, in lines of JSON as those of `start`. */
export const verboseJsonLogger = (output: Output): Logger =>
  createLogger({ level: 'debug', format: 'json', output: { write: (line) => output.log(line) } });
