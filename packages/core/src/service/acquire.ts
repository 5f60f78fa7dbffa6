import { allOf, EVERY, isIn } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { isJobsweepError } from '../errors.js';
import { addRow, ONCE } from './add-row.js';
import type { BatchSessions } from './batch-sessions.js';
import { dateOf } from './cells.js';
import type { ClaimRow, TurnName } from './claim-row.js';
import { claimColumns, claimKey, claimRow, readClaim } from './claim-rows.js';
import { type Claim, type ClaimAnswer, type ClaimRequest, DEFAULT_CONFIG } from './claims.js';
import { keepEntry } from './history-rows.js';
import type { Own } from './own.js';
import { checkClaimRequest } from './requests.js';
import { newTurnName } from './turn-names.js';
import { heldBy, type Refusal, UNNAMED } from './turn-rules.js';

/** Two that ask at once see to it between them in one round; a third one is for those that are still in the way then. */
const ROUNDS = 3;

type Asked = ClaimRequest & TurnName;

/** See `Claims.acquire`. */
export async function acquire<Session>(
  own: Own<Session>,
  sessions: BatchSessions<Session> | undefined,
  request: ClaimRequest,
): Promise<ClaimAnswer> {
  checkClaimRequest(request);
  const asked = { ...request, config: request.config ?? DEFAULT_CONFIG };
  // Whoever stops in the middle lets go of the row after a term like everybody else.
  const options = { signal: asked.signal, idleTimeoutSeconds: asked.termSeconds };
  const ask = () => own.run('write', (tx, session) => askFor(own, sessions, tx, session, asked), options, ONCE);

  for (let round = 1; round <= ROUNDS; round += 1) {
    const answer = await ask().catch(conflict);
    if (typeof answer === 'object') return answer;
    if (answer === 'conflict') {
      const inTheWay = await heldByAnother(own, sessions, asked);
      if (inTheWay !== undefined) return inTheWay;
    } else if (!(await addRow(own, asked, options))) {
      break;
    }
  }
  const now = await own.run('read', async (tx) => tx.now, options);
  return { outcome: 'held', holder: UNNAMED, freeInSeconds: 0, now: dateOf(now) };
}

function conflict(error: unknown): 'conflict' {
  if (isJobsweepError(error, 'CONFLICT')) return 'conflict';
  throw error;
}

/**
 * One attempt. A turn that nobody has and that is due is taken at once; any other row is locked, or left alone where another
 * one has it locked, and looked at.
 */
async function askFor<Session>(
  own: Own<Session>,
  sessions: BatchSessions<Session> | undefined,
  tx: Tx,
  session: Session,
  asked: Asked,
): Promise<ClaimAnswer | 'noRow' | 'conflict'> {
  const { claims: table, rules } = own;
  const key = claimKey(own, asked);
  const pass = newTurnName(tx.now);
  const set = { ...rules.begun(asked), pass: { value: pass }, ...sessions?.written(asked, session) };
  const claimed = (before: ClaimRow, lapsed: string | null, now: bigint): ClaimAnswer => {
    const { config, strategy, holder, termSeconds, changes = true, whilePaused = false } = asked;
    const { place } = before.progress;
    const term = before.term + 1;
    const claim: Claim = { config, strategy, holder, term, termSeconds, pass, place, changes, whilePaused };
    sessions?.note(claim, session);
    return { outcome: 'claimed', claim, lapsed, now: dateOf(now) };
  };

  const before = await tx.take(table, key, { where: rules.isFree(tx.now, asked), set, columns: claimColumns(own) });
  if (before !== undefined) return claimed(claimRow(own, before), null, tx.now);

  const selection = { columns: claimColumns(own), clock: true };
  const { rows, held } = await tx.lock(table, [key], selection, EVERY);
  const [locked] = rows;
  if (locked === undefined) {
    const seen = held.length > 0 ? await readClaim(own, tx, asked) : undefined;
    if (seen === undefined) await own.require(table);
    return seen === undefined ? 'noRow' : heldBy(seen, 0);
  }
  const row = claimRow(own, locked);
  const refusal = rules.refusal(row, asked);
  if (refusal !== undefined) return refusal;
  const isAsRead = allOf(isIn('term', [row.term]), isIn('holder', [row.holder]));
  if (!(await own.changeClaim(tx, key, isAsRead, set))) return 'conflict';
  // What the one before had committed and never told.
  const left = rules.abandoned(row);
  if (left !== undefined) await keepEntry(own, tx, left, row);
  return claimed(row, row.holder, row.clock);
}

/**
 * Who was in the way: the holder with an open batch, or another one that is being given the turn. Nothing, where the next
 * attempt finds the turn free: the holder lapsed a whole term ago, and what it left open is ended.
 */
async function heldByAnother<Session>(
  own: Own<Session>,
  sessions: BatchSessions<Session> | undefined,
  asked: Asked,
): Promise<Refusal | undefined> {
  const { signal } = asked;
  const row = await own.run('read', (tx) => readClaim(own, tx, asked), { signal });
  if (row === undefined || (await sessions?.endLeftBy(row))) return undefined;
  return heldBy(row, 0);
}
