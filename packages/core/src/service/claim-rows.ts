import { isIn } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import type { Key } from '../driver/exact.js';
import type { Assignments, Row } from '../driver/row.js';
import { Cells, dateOf } from './cells.js';
import { type ClaimRow, claimId, PROGRESS_COLUMNS, progressWritten, type TurnName } from './claim-row.js';
import type { ClaimState } from './claims.js';
import { NO_PROGRESS } from './no-progress.js';
import type { Own } from './own.js';
import { CLAIM_COLUMNS, SESSION_COLUMNS } from './own-columns.js';
import { countsOf, type TurnRules } from './turn-rules.js';

/** The columns of the claims beside the key, as a driver has them. */
export function claimColumns<Session>({ parts }: Own<Session>): string[] {
  const all = { ...CLAIM_COLUMNS, ...(parts.driver.serverSessions && SESSION_COLUMNS) };
  return Object.keys(all).filter((column) => column !== 'id');
}

/** The key of a turn's row. */
export function claimKey<Session>({ claims, values }: Own<Session>, turn: TurnName): Key {
  const [key = []] = values.keysOf(claims, claimId(turn), undefined);
  return key;
}

/** The row of a turn, without a lock. */
export async function readClaim<Session>(own: Own<Session>, tx: Tx, turn: TurnName): Promise<ClaimRow | undefined> {
  const { claims: table } = own;
  const where = isIn(String(table.key[0]), [claimId(turn)]);
  const [row] = await tx.page({ table, where, columns: claimColumns(own), clock: true, limit: 1 });
  return row && claimRow(own, row);
}

/** A row as it was read. */
export function claimRow<Session>({ claims, values }: Own<Session>, { columns, clock = 0n }: Row): ClaimRow {
  const cells = new Cells(claims, values, columns);
  const counts = Object.entries(PROGRESS_COLUMNS).map(([name, column]): [string, number] => [
    name,
    cells.number(column),
  ]);
  return {
    config: cells.text('config') ?? '',
    strategy: cells.text('strategy') ?? '',
    holder: cells.text('holder'),
    term: cells.number('term'),
    startedAt: cells.time('started_at'),
    endedAt: cells.time('ended_at'),
    expiresAt: cells.time('expires_at'),
    emptyPasses: cells.number('empty_passes'),
    progress: { ...NO_PROGRESS, ...Object.fromEntries(counts), place: cells.text('place') },
    progressAt: cells.time('progress_at'),
    trippedRows: cells.number('tripped_rows'),
    approvedRows: cells.number('approved_rows'),
    approvedAt: cells.time('approved_at'),
    pausedAt: cells.time('paused_at'),
    pausedUntil: cells.time('paused_until'),
    pausedBy: cells.text('paused_by'),
    pass: cells.text('pass'),
    session: cells.text('session'),
    termSeconds: cells.number('term_seconds'),
    clock,
  };
}

/** What is told of a turn. */
export function toClaimState(row: ClaimRow, rules: Pick<TurnRules, 'approval' | 'isLapsed' | 'pause'>): ClaimState {
  return {
    config: row.config,
    strategy: row.strategy,
    holder: row.holder,
    term: row.term,
    startedAt: dateOf(row.startedAt),
    endedAt: dateOf(row.endedAt),
    expiresAt: dateOf(row.expiresAt),
    isLapsed: rules.isLapsed(row),
    progress: row.holder === null ? null : countsOf(row.progress),
    emptyPasses: row.emptyPasses,
    pass: row.pass,
    approval: rules.approval(row) ?? null,
    pause: rules.pause(row) ?? null,
  };
}

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
