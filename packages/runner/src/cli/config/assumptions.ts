import { basename } from 'node:path';
import type { CommonOptions, Context, Opened } from '../context.js';
import { ConfigError } from './problems.js';

/** What a config takes for true and nobody has confirmed, by its paths, with why. */
const assumptionsOf = ({ config }: Pick<Opened, 'config'>) => Object.entries(config.assumptions ?? {});

/** Before anything is written: throws `INVALID_CONFIG` that names each assumption which nobody has confirmed. */
export function requireConfirmed({ audience }: Context, opened: Opened): void {
  const { assumed } = audience.words.config;
  const problems = assumptionsOf(opened).map(([path, why]) => ({ path, ...assumed(why) }));
  if (problems.length > 0) throw new ConfigError(basename(opened.path), problems);
}

/** Beside the answer of those who only look: how many assumptions there are, and where. */
export function sayAssumptions({ output }: Context, opened: Opened, { json }: CommonOptions): void {
  const count = assumptionsOf(opened).length;
  if (count === 0) return;
  output.warn(output.words.config.assumptions(count, basename(opened.path)), json);
}
