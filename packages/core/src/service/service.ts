import { ChangeLog } from '../changes/change-log.js';
import type { Changes } from '../changes/changes.js';
import { driverChanges } from '../changes/driver-changes.js';
import type { Claims } from './claims.js';
import { driverClaims } from './driver-claims.js';
import { driverJournal } from './driver-journal.js';
import type { Journal } from './journal.js';
import { Own, type ServiceParts } from './own.js';

/**
 * For adapters: who has which turn, the history of passes and what they changed, in jobsweep's own tables. What the repository
 * changes under a claim is kept from then on.
 *
 * @example
 * const tables = ownTableSet(options.ownTables, { isName: (name) => /^\w+$/.test(name), fix: 'give a word' });
 * return { repository, transaction, ...createService({ driver, transaction, tables, repository }) };
 */
export function createService<Session>(parts: ServiceParts<Session>): {
  readonly claims: Claims<Session>;
  readonly journal: Journal;
  readonly changes: Changes<Session>;
} {
  const own = new Own(parts);
  const { repository } = parts;
  const log = new ChangeLog(own, repository.context);
  repository.watch((tx, session) => log.recording(tx, session));
  return {
    claims: driverClaims(own, log),
    journal: driverJournal(own),
    changes: driverChanges(own, repository),
  };
}
