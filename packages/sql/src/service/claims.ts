import type { Claims } from '@jobsweep/core';
import { acquire } from './acquire.js';
import { type ClaimRow, selectClaims, toClaimState } from './claim-row.js';
import { onOwnTables, type ServiceContext } from './context.js';
import { hold } from './hold.js';
import { release } from './release.js';

/** Strategies that `list` tells of at most: far more than anybody has. */
const MAX_STRATEGIES = 10_000;

/** Who has which turn, in jobsweep's own table. */
export function claims<Session extends object>(context: ServiceContext<Session>): Claims<Session> {
  const { dialect, names } = context;
  return {
    acquire: (request) => acquire(context, request),
    hold: (session, claim) => hold(context, session, claim),
    release: (claim, outcome) => release(context, claim, outcome),
    async list({ signal } = {}) {
      const rows = await onOwnTables(
        context,
        (session) => session.rows<ClaimRow>(selectClaims(session.build, dialect, names.claims).limit(MAX_STRATEGIES)),
        { readOnly: true, signal },
      );
      return rows.map(toClaimState).sort((one, other) => (one.strategy < other.strategy ? -1 : 1));
    },
  };
}
