import type { ClaimState } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect.js';
import type { OwnTable } from './names.js';
import { type IsoText, microsOf, secondsUntil, toDate } from './times.js';

/** A row of the claims table, every value as exact text, and what the database's clock said when it was read. */
export interface ClaimRow {
  readonly strategy: string;
  readonly holder: string | null;
  readonly term: string;
  readonly started: IsoText | null;
  readonly ended: IsoText | null;
  readonly expires: IsoText | null;
  readonly passes: string;
  readonly clock: IsoText;
}

/** All claims, or those that are narrowed down by `where`, as `ClaimRow`s. */
export function selectClaims(build: Knex, { own }: Dialect, table: OwnTable): Knex.QueryBuilder {
  const query: Knex.QueryBuilder = build
    .select([
      build.raw(`${own.text('c.strategy')} as strategy`),
      build.raw(`${own.text('c.holder')} as holder`),
      build.raw(`${own.text('c.term')} as term`),
      build.raw(`${own.timeText('c.started_at')} as started`),
      build.raw(`${own.timeText('c.ended_at')} as ended`),
      build.raw(`${own.timeText('c.expires_at')} as expires`),
      build.raw(`${own.text('c.empty_passes')} as passes`),
      build.raw(`${own.timeText(own.now)} as clock`),
    ])
    .from(build.raw(`${own.quoted(table)} as c`));
  return query;
}

/** Held, and not for longer: by the clock of the statement that read it. */
export function isLapsed({ holder, expires, clock }: ClaimRow): boolean {
  return holder !== null && expires !== null && microsOf(expires) <= microsOf(clock);
}

/** Seconds until a claim lapses without another batch, at least 0. */
export function freeInSeconds({ expires, clock }: ClaimRow): number {
  return expires === null ? 0 : Math.max(0, secondsUntil(expires, clock));
}

/** Seconds until a turn may begin again that must not begin within so many of the one before; at most 0: now. */
export function dueInSeconds({ started, clock }: ClaimRow, notWithinSeconds: number): number {
  return started === null ? 0 : notWithinSeconds + secondsUntil(started, clock);
}

export function toClaimState(row: ClaimRow): ClaimState {
  return {
    strategy: row.strategy,
    holder: row.holder,
    term: Number(row.term),
    startedAt: toDate(row.started),
    endedAt: toDate(row.ended),
    expiresAt: toDate(row.expires),
    isLapsed: isLapsed(row),
    emptyPasses: Number(row.passes),
  };
}
