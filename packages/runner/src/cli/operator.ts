import { hostname, userInfo } from 'node:os';
import { DEFAULT_CONFIG, type OperatorRequest } from '@jobsweep/core';
import { buildStrategies } from './build.js';
import { named } from './commands/selection.js';
import type { Context, Opened } from './context.js';

/** What the person at the command asks for, of the one strategy that is named. Throws `UsageError` for a name that is not there. */
export function operatorRequest(
  { audience, signal }: Context,
  { store, config }: Opened,
  names: readonly string[],
): OperatorRequest & { readonly config: string } {
  named(buildStrategies(store, config), names, audience.words.failures);
  const host = hostname();
  const [strategy = ''] = names;
  return { config: config.name ?? DEFAULT_CONFIG, strategy, by: `${userName()}@${host}`, host, signal };
}

/** A user without a name, as in some containers, is a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
