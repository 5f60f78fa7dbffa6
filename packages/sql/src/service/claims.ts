import type { Claims } from '@jobsweep/core';
import { acquire } from './acquire.js';
import { type ClaimRow, selectClaims, toClaimState } from './claim-row.js';
import { onOwnTables, type ServiceContext } from './context.js';
import { advance, hold } from './hold.js';
import { release } from './release.js';

/** Strategies that `list` tells of at most: far more than anybody has. */
const MAX_STRATEGIES = 10_000;

/** Who has which turn, in jobsweep's own table. */
export function claims<Session extends object>(context: ServiceContext<Session>): Claims<Session> {
  const { dialect, names } = context;
  return {
    acquire: (request) => acquire(context, request),
    hold: (session, claim) => hold(context, session, claim),
    advance: (session, claim, progress) => advance(context, session, claim, progress),
    release: (claim, outcome) => release(context, claim, outcome),
    async list({ config, signal } = {}) {
      const rows = await onOwnTables(
        context,
        ({ build, rows: run }) => {
          const all = selectClaims(build, dialect, names.claims).limit(MAX_STRATEGIES);
          return run<ClaimRow>(config === undefined ? all : all.whereRaw('c.config = ?', [config]));
        },
        { readOnly: true, signal },
      );
      return rows
        .map(toClaimState)
        .sort((one, other) => compare(one.config, other.config) || compare(one.strategy, other.strategy));
    },
  };
}

const compare = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);
