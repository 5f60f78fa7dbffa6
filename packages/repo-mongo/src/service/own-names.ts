import { invalidOption } from '@jobsweep/core';

/** The names of jobsweep's own collections. */
export interface OwnNames {
  readonly claims: string;
  readonly history: string;
}

/** Fills in the defaults. Throws `INVALID_OPTION` for a name that no collection of an application can have. */
export function ownNames({
  claims = 'jobsweep_claims',
  history = 'jobsweep_history',
}: Partial<OwnNames> = {}): OwnNames {
  for (const [key, name] of Object.entries({ claims, history })) {
    if (typeof name === 'string' && /^[^$\0]+$/.test(name) && !name.startsWith('system.')) continue;
    throw invalidOption(`ownTables.${key}`, name, 'give the name of a collection');
  }
  if (claims === history) throw invalidOption('ownTables.history', history, 'give it another name than the claims');
  return { claims, history };
}
