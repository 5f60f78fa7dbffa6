import type { Claims, CleanupStore, Journal, TurnParts } from '@jobsweep/core';
import { withMembers, withStores } from './broken-store.js';
import { type ReplacedTx, txOf } from './replaced.js';
import type { Breaking } from './variant.js';

/** Where a lock is waited for that should not be, the test is to fail soon. */
const SOON = { lockTimeoutSeconds: 0.1 };

/** Stores whose turns go by other rules, or are taken and held with other statements. */
export const withTurns = ({ rules, tx }: Pick<TurnParts, 'rules'> & { readonly tx?: ReplacedTx }): Breaking =>
  withStores((open, options) =>
    open({ ...SOON, ...options }, { turns: { ...(rules && { rules }), ...(tx && { tx: txOf(tx) }) } }),
  );

/** Stores whose claims do some things in another way. */
export const withClaims = (
  replaced: <Session extends object>(claims: Claims<Session>, store: CleanupStore<Session>) => Partial<Claims<Session>>,
): Breaking => withMembers((store) => ({ claims: { ...store.claims, ...replaced(store.claims, store) } }));

/** Stores whose history does. */
export const withJournal = (replaced: (journal: Journal) => Partial<Journal>): Breaking =>
  withMembers(({ journal }) => ({ journal: { ...journal, ...replaced(journal) } }));
