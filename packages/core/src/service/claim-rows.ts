import { allOf, type Condition, isIn } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import type { Key } from '../driver/exact.js';
import type { Assignments, Row } from '../driver/row.js';
import { Cells, dateOf } from './cells.js';
import type { Claim, ClaimState, TurnProgress } from './claims.js';
import type { PassEntry } from './journal.js';
import type { Own } from './own.js';
import { CLAIM_COLUMNS, SESSION_COLUMNS } from './own-columns.js';
import { abandonedEntry, NO_PROGRESS } from './settled.js';

/** What tells a turn from those of others. */
export type TurnName = Pick<Claim, 'config' | 'strategy'>;

/** The columns of a turn's progress. */
const PROGRESS_COLUMNS = {
  batches: 'batches',
  itemsCleaned: 'items_cleaned',
  itemsFound: 'items_found',
  itemsContended: 'items_contended',
  itemsPassedOver: 'items_passed_over',
  itemsBlocked: 'items_blocked',
} as const satisfies Readonly<Record<keyof TurnProgress, keyof typeof CLAIM_COLUMNS>>;

/** The row of a turn, times in microseconds since 1970. */
export interface ClaimRow extends TurnName {
  readonly holder: string | null;
  readonly term: number;
  readonly startedAt: bigint | null;
  readonly endedAt: bigint | null;
  readonly expiresAt: bigint | null;
  readonly emptyPasses: number;
  readonly progress: TurnProgress;
  readonly progressAt: bigint | null;
  /** The session of the server that the holder's batches run in, and how long its terms are, where that is kept. */
  readonly session: string | null;
  readonly termSeconds: number;
  /** What the database's clock said when it was read. */
  readonly clock: bigint;
}

/** The columns of the claims beside the key, as a driver has them. */
export function claimColumns<Session>({ parts }: Own<Session>): string[] {
  const all = { ...CLAIM_COLUMNS, ...(parts.driver.serverSessions && SESSION_COLUMNS) };
  return Object.keys(all).filter((column) => column !== 'id');
}

/** The key of a turn's row, as values to write and to look for: one text, which no two turns share. */
export const claimId = ({ config, strategy }: TurnName): string => `${config}/${strategy}`;

export function claimKey<Session>({ claims, values }: Own<Session>, turn: TurnName): Key {
  const [key = []] = values.keysOf(claims, claimId(turn), undefined);
  return key;
}

/** Whether a turn is the one of a claim. */
export const isTurnOf = ({ holder, term }: Pick<Claim, 'holder' | 'term'>): Condition =>
  allOf(isIn('holder', [holder]), isIn('term', [term]));

/** The row of a turn, without a lock. */
export async function readClaim<Session>(own: Own<Session>, tx: Tx, turn: TurnName): Promise<ClaimRow | undefined> {
  const { claims: table } = own;
  const where = isIn(String(table.key[0]), [claimId(turn)]);
  const [row] = await tx.page({ table, where, columns: claimColumns(own), clock: true, limit: 1 });
  return row && claimRow(own, row);
}

export function claimRow<Session>({ claims, values }: Own<Session>, { columns, clock = 0n }: Row): ClaimRow {
  const cells = new Cells(claims, values, columns);
  const progress = Object.entries(PROGRESS_COLUMNS).map(([name, column]) => [name, cells.number(column)]);
  return {
    config: cells.text('config') ?? '',
    strategy: cells.text('strategy') ?? '',
    holder: cells.text('holder'),
    term: cells.number('term'),
    startedAt: cells.time('started_at'),
    endedAt: cells.time('ended_at'),
    expiresAt: cells.time('expires_at'),
    emptyPasses: cells.number('empty_passes'),
    progress: Object.fromEntries(progress) as unknown as TurnProgress,
    progressAt: cells.time('progress_at'),
    session: cells.text('session'),
    termSeconds: cells.number('term_seconds'),
    clock,
  };
}

/** Held, and not for longer: by the clock of the statement that read it. */
export const isLapsed = ({ holder, expiresAt, clock }: ClaimRow): boolean =>
  holder !== null && expiresAt !== null && expiresAt <= clock;

/** Seconds from one time to another; negative where the other comes first. */
export const secondsBetween = (from: bigint, to: bigint): number => Number(to - from) / 1e6;

export function toClaimState(row: ClaimRow): ClaimState {
  return {
    config: row.config,
    strategy: row.strategy,
    holder: row.holder,
    term: row.term,
    startedAt: dateOf(row.startedAt),
    endedAt: dateOf(row.endedAt),
    expiresAt: dateOf(row.expiresAt),
    isLapsed: isLapsed(row),
    emptyPasses: row.emptyPasses,
  };
}

/** What a turn that was never given back had committed, for the history; `undefined`: nothing. */
export function abandoned(row: ClaimRow): PassEntry | undefined {
  const { progress, progressAt, startedAt } = row;
  const seconds = startedAt === null || progressAt === null ? 0 : secondsBetween(startedAt, progressAt);
  return abandonedEntry(row, progress, seconds);
}

/** How far a turn has come, as it is written. */
export const progressWritten = (progress: TurnProgress): Assignments =>
  Object.fromEntries(
    Object.entries(PROGRESS_COLUMNS).map(([name, column]) => [column, { value: progress[name as keyof TurnProgress] }]),
  );

/** The row of a strategy that nobody had a turn of yet. */
export function unclaimed<Session>(own: Own<Session>, { config, strategy }: TurnName): Assignments {
  const nothing = claimColumns(own).map((column) => [column, { value: isCount(column) ? 0 : null }] as const);
  return {
    ...Object.fromEntries(nothing),
    [String(own.claims.key[0])]: { value: claimId({ config, strategy }) },
    config: { value: config },
    strategy: { value: strategy },
    ...progressWritten(NO_PROGRESS),
  };
}

const isCount = (column: string): boolean =>
  ({ ...CLAIM_COLUMNS, ...SESSION_COLUMNS })[column as keyof typeof CLAIM_COLUMNS].type === 'count';
