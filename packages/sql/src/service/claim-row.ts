import { abandonedEntry, type Claim, type ClaimState, type PassEntry, type TurnProgress } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect.js';
import type { OwnTable } from './names.js';
import { type IsoText, microsOf, secondsUntil, toDate } from './times.js';

/** The columns that change with turns, beside their progress. */
export const TURN_COLUMNS = [
  ...['holder', 'term', 'started_at', 'ended_at', 'expires_at', 'empty_passes', 'progress_at'],
] as const;

/** The columns of a turn's progress. */
export const PROGRESS_COLUMNS = {
  batches: 'batches',
  itemsCleaned: 'items_cleaned',
  itemsFound: 'items_found',
  itemsContended: 'items_contended',
  itemsPassedOver: 'items_passed_over',
  itemsBlocked: 'items_blocked',
} as const satisfies Readonly<Record<keyof TurnProgress, string>>;

/** A row of the claims table, every value as exact text, and what the database's clock said when it was read. */
export interface ClaimRow extends Readonly<Record<(typeof PROGRESS_COLUMNS)[keyof TurnProgress], string>> {
  readonly config: string;
  readonly strategy: string;
  readonly holder: string | null;
  readonly term: string;
  readonly started: IsoText | null;
  readonly ended: IsoText | null;
  readonly expires: IsoText | null;
  readonly passes: string;
  readonly progressed: IsoText | null;
  readonly clock: IsoText;
}

/** All claims, or those that are narrowed down by `where`, as `ClaimRow`s. */
export function selectClaims(build: Knex, { own }: Dialect, table: OwnTable): Knex.QueryBuilder {
  const query: Knex.QueryBuilder = build
    .select([
      build.raw(`${own.text('c.config')} as config`),
      build.raw(`${own.text('c.strategy')} as strategy`),
      build.raw(`${own.text('c.holder')} as holder`),
      build.raw(`${own.text('c.term')} as term`),
      build.raw(`${own.timeText('c.started_at')} as started`),
      build.raw(`${own.timeText('c.ended_at')} as ended`),
      build.raw(`${own.timeText('c.expires_at')} as expires`),
      build.raw(`${own.text('c.empty_passes')} as passes`),
      build.raw(`${own.timeText('c.progress_at')} as progressed`),
      ...Object.values(PROGRESS_COLUMNS).map((column) => build.raw(`${own.text(`c.${column}`)} as ${column}`)),
      build.raw(`${own.timeText(own.now)} as clock`),
    ])
    .from(build.raw(`${own.quoted(table)} as c`));
  return query;
}

/** Narrows claims down to the row of a turn. */
export function ofTurn(query: Knex.QueryBuilder, { config, strategy }: TurnName): Knex.QueryBuilder {
  return query.whereRaw('c.config = ? and c.strategy = ?', [config, strategy]);
}

export type TurnName = Pick<Claim, 'config' | 'strategy'>;

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
    config: row.config,
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

/** How far the turn has come, as its batches wrote it. */
export function progressOf(row: ClaimRow): TurnProgress {
  return Object.fromEntries(
    Object.entries(PROGRESS_COLUMNS).map(([name, column]) => [name, Number(row[column])]),
  ) as unknown as TurnProgress;
}

/** When a turn that is held began, exactly as its row has it. */
export function startOf(build: Knex, { own }: Dialect, table: OwnTable, { config, strategy }: TurnName): Knex.Raw {
  const start = `(select c.started_at from ${own.quoted(table)} as c where c.config = ? and c.strategy = ?)`;
  return build.raw(start, [config, strategy]);
}

/** What a turn that was never given back had committed, for the history; `undefined`: nothing. */
export function abandoned(row: ClaimRow): PassEntry | undefined {
  const { started, progressed } = row;
  const seconds = started === null || progressed === null ? 0 : secondsUntil(progressed, started);
  return abandonedEntry(row, progressOf(row), seconds);
}
