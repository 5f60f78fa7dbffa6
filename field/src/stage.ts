import type { Finished, Running } from './jobsweep.js';
import type { Raw } from './raw.js';

/** What a step has at hand. */
export interface Stage {
  /** The database's URL. */
  readonly url: string;
  /** A connection of the plain driver. */
  readonly raw: Raw;
  /** Runs `jobsweep` to its end. */
  run(args: string, env?: Readonly<Record<string, string>>): Promise<Finished>;
  /** Starts `jobsweep`, which the case has to end. */
  start(args: string, env?: Readonly<Record<string, string>>): Running;
}
