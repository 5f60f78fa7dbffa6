import type { Assignments } from '../driver/row.js';
import type { Claim, TurnProgress } from './claims.js';
import type { CLAIM_COLUMNS } from './own-columns.js';

/** What tells a turn from those of others. */
export type TurnName = Pick<Claim, 'config' | 'strategy'>;

/** The columns of a turn's progress. */
export const PROGRESS_COLUMNS = {
  batches: 'batches',
  itemsCleaned: 'items_cleaned',
  itemsFound: 'items_found',
  itemsContended: 'items_contended',
  itemsPassedOver: 'items_passed_over',
  itemsBlocked: 'items_blocked',
  place: 'place',
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
  /** Rows that were due when the breaker stopped its last pass; 0: it did not, or they are approved. */
  readonly trippedRows: number;
  /** Rows that one pass may change past its breaker, and since when; 0: none. */
  readonly approvedRows: number;
  readonly approvedAt: bigint | null;
  /** Since when its turns are forbidden, until when, and by whom. */
  readonly pausedAt: bigint | null;
  readonly pausedUntil: bigint | null;
  readonly pausedBy: string | null;
  /** What the changes of the last turn are kept under. */
  readonly pass: string | null;
  /** The session of the server that the holder's batches run in, and how long its terms are, where that is kept. */
  readonly session: string | null;
  readonly termSeconds: number;
  /** What the database's clock said when it was read. */
  readonly clock: bigint;
}

/** What the row of a turn has as its key: one text, which no two turns share. */
export const claimId = ({ config, strategy }: TurnName): string => `${config}/${strategy}`;

/** How far a turn has come, or some of it, as it is written. */
export const progressWritten = (progress: Partial<TurnProgress>): Assignments =>
  Object.fromEntries(
    Object.entries(PROGRESS_COLUMNS).flatMap(([name, column]) => {
      const value = progress[name as keyof TurnProgress];
      return value === undefined ? [] : [[column, { value }]];
    }),
  );
