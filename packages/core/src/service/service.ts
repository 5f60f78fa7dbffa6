import type { Claims } from './claims.js';
import { driverClaims } from './driver-claims.js';
import { driverJournal } from './driver-journal.js';
import type { Journal } from './journal.js';
import { Own, type ServiceParts } from './own.js';

/**
 * For adapters: who has which turn, and the history of passes, in jobsweep's own tables.
 *
 * @example
 * const tables = ownTableSet(options.ownTables, { isName: (name) => /^\w+$/.test(name), fix: 'give a word' });
 * return { repository, transaction, ...createService({ driver, transaction, tables }) };
 */
export function createService<Session>(parts: ServiceParts<Session>): {
  readonly claims: Claims<Session>;
  readonly journal: Journal;
} {
  const own = new Own(parts);
  return { claims: driverClaims(own), journal: driverJournal(own) };
}
