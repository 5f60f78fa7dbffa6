import { allOf, anyOf, type Condition, isIn } from '../driver/condition.js';
import { secondsToMicros } from '../driver/exact.js';
import type { Assignments } from '../driver/row.js';
import type { StopReason } from '../pass/result.js';
import { dateOf, secondsBetween } from './cells.js';
import { type ClaimRow, progressWritten } from './claim-row.js';
import type {
  Approval,
  Claim,
  ClaimAnswer,
  ClaimRequest,
  OperatorRequest,
  Pause,
  PauseRequest,
  TurnOutcome,
  TurnProgress,
} from './claims.js';
import type { PassEntry } from './journal.js';
import { NO_PROGRESS } from './no-progress.js';

/** What the history says of a pass whose runner did not live to tell. Whoever shows it may say it in another language. */
export const ABANDONED_NOTE = 'Its runner never gave the turn back: this is what it had committed';

/** How long an approval stands that nobody uses. */
const APPROVED_SECONDS = 86_400;

/** What is said of a holder whose name is in a transaction that is still open. */
export const UNNAMED = 'unknown';

/** An answer that gives nobody a turn. */
export type Refusal = Exclude<ClaimAnswer, { outcome: 'claimed' }>;

/** What a turn is: who may have it, what its row says from when on, and what is kept of it. Each rule once. */
export class TurnRules {
  /** Whether nobody has a turn, it is due, and nobody has forbidden it. */
  isFree(now: bigint, { notWithinSeconds = 0, whilePaused = false }: ClaimRequest): Condition {
    const isNotPaused = anyOf({ time: 'paused_at', isSet: false }, { time: 'paused_until', before: now });
    const free = allOf(isIn('holder', [null]), ...(whilePaused ? [] : [isNotPaused]));
    if (notWithinSeconds === 0) return free;
    const before = now - secondsToMicros(notWithinSeconds);
    return allOf(free, anyOf({ time: 'started_at', isSet: false }, { time: 'started_at', before }));
  }

  /** Whether a turn is the one of a claim. */
  isTurnOf({ holder, term }: Pick<Claim, 'holder' | 'term'>): Condition {
    return allOf(isIn('holder', [holder]), isIn('term', [term]));
  }

  /** Held, and not for longer: by the clock of the statement that read it. */
  isLapsed({ holder, expiresAt, clock }: ClaimRow): boolean {
    return holder !== null && expiresAt !== null && expiresAt <= clock;
  }

  /** Why a row is not given away. One that is not paused and has lapsed or is the asker's own always is: its turn did not end. */
  refusal(row: ClaimRow, { holder, notWithinSeconds = 0, whilePaused = false }: ClaimRequest): Refusal | undefined {
    const { clock, expiresAt, startedAt } = row;
    const pause = whilePaused ? undefined : this.pause(row);
    if (pause !== undefined) return { outcome: 'paused', pause, now: dateOf(clock) };
    if (this.isLapsed(row) || row.holder === holder) return undefined;
    if (row.holder !== null) return heldBy(row, expiresAt === null ? 0 : Math.max(0, secondsBetween(clock, expiresAt)));
    const dueInSeconds = startedAt === null ? 0 : notWithinSeconds - secondsBetween(startedAt, clock);
    return dueInSeconds > 0 ? { outcome: 'notDue', dueInSeconds, now: dateOf(clock) } : undefined;
  }

  /** What begins a turn. */
  begun({ holder, termSeconds }: ClaimRequest): Assignments {
    return {
      holder: { value: holder },
      term: { increment: 1 },
      started_at: { afterSeconds: 0 },
      ended_at: { value: null },
      expires_at: { afterSeconds: termSeconds },
      progress_at: { value: null },
      ...progressWritten(countsOf(NO_PROGRESS)),
    };
  }

  /** What begins a new term of one, and says how far it has come. */
  advanced({ termSeconds }: Claim, progress: TurnProgress | undefined): Assignments {
    const reached = progress && { ...progressWritten(progress), progress_at: { afterSeconds: 0 } };
    return { expires_at: { afterSeconds: termSeconds }, ...reached };
  }

  /** What ends one. */
  ended({ empty, unfinished = false, place, trippedRows = 0 }: TurnOutcome): Assignments {
    return {
      holder: { value: null },
      ended_at: { afterSeconds: 0 },
      expires_at: { value: null },
      empty_passes: empty ? { increment: 1 } : { value: 0 },
      ...(unfinished ? { started_at: { value: null } } : { tripped_rows: { value: trippedRows } }),
      ...(place !== undefined && progressWritten({ place })),
    };
  }

  /** What approves as many rows as were due when the breaker stopped the last pass. */
  approved({ trippedRows }: ClaimRow): Assignments {
    return {
      tripped_rows: { value: 0 },
      approved_rows: { value: trippedRows },
      approved_at: { afterSeconds: 0 },
    };
  }

  /** What uses an approval up. */
  used(): Assignments {
    return { approved_rows: { value: 0 } };
  }

  /** The approval that stands; `undefined`: none. */
  approval({ approvedRows, approvedAt, clock }: ClaimRow): Approval | undefined {
    if (approvedRows === 0 || approvedAt === null) return undefined;
    const until = approvedAt + secondsToMicros(APPROVED_SECONDS);
    return until <= clock ? undefined : { rows: approvedRows, until: dateOf(until) };
  }

  /** What forbids turns. */
  paused({ by, forSeconds }: PauseRequest): Assignments {
    return {
      paused_at: { afterSeconds: 0 },
      paused_until: forSeconds === undefined ? { value: null } : { afterSeconds: forSeconds },
      paused_by: { value: by },
    };
  }

  /** What allows them again. */
  resumed(): Assignments {
    return { paused_at: { value: null }, paused_until: { value: null }, paused_by: { value: null } };
  }

  /** What forbids turns now; `undefined`: nothing. */
  pause(row: ClaimRow): Pause | undefined {
    const { pausedUntil, clock } = row;
    return pausedUntil !== null && pausedUntil <= clock ? undefined : this.lastPause(row);
  }

  /** The same, or what forbade them last and is over by now. */
  lastPause({ pausedAt, pausedUntil, pausedBy }: ClaimRow): Pause | undefined {
    return pausedAt === null
      ? undefined
      : { since: dateOf(pausedAt), until: dateOf(pausedUntil), by: pausedBy ?? UNNAMED };
  }

  /** What an operator did, as the history keeps it. */
  operatorEntry(
    { config, strategy, trippedRows }: ClaimRow,
    { by, host }: OperatorRequest,
    stopReason: Exclude<PassEntry['stopReason'], StopReason>,
  ): PassEntry {
    const nothing = {
      ...countsOf(NO_PROGRESS),
      itemsUnknown: 0,
      dueMs: 0,
      longestDueMs: 0,
      blocked: [],
      error: null,
      note: null,
    };
    const itemsFound = stopReason === 'approved' ? trippedRows : 0;
    return { ...nothing, status: 'done', stopReason, durationMs: 0, itemsFound, config, strategy, host, holder: by };
  }

  /**
   * A pass as the history keeps it, given what its turn's own row says. The row has a batch just when the batch is there, so a
   * commit whose answer was lost is unknown no longer.
   */
  settled(entry: PassEntry, { progress }: ClaimRow): PassEntry {
    const committed = progress.batches > entry.batches ? countsOf(progress) : {};
    return { ...entry, ...committed, itemsUnknown: 0 };
  }

  /** The pass of a turn that was never given back, as far as its row tells it; `undefined`: it had committed nothing. */
  abandoned({ config, strategy, holder, progress, progressAt, startedAt }: ClaimRow): PassEntry | undefined {
    if (holder === null || progress.batches === 0) return undefined;
    const seconds = startedAt === null || progressAt === null ? 0 : secondsBetween(startedAt, progressAt);
    return {
      ...countsOf(progress),
      config,
      strategy,
      holder,
      status: 'done',
      stopReason: 'claimLost',
      durationMs: Math.max(0, seconds * 1000),
      itemsUnknown: 0,
      // Its runner has it to itself how long they had been due.
      dueMs: 0,
      longestDueMs: 0,
      blocked: [],
      error: null,
      // A runner's name begins with that of its machine.
      host: holder.split(':')[0] ?? holder,
      note: ABANDONED_NOTE,
    };
  }
}

/** What a pass has done, and not where it stands. */
export const countsOf = ({ place: _, ...counts }: TurnProgress): Omit<TurnProgress, 'place'> => counts;

/** That another one has a turn, for so long without a batch. */
export const heldBy = ({ holder, clock }: ClaimRow, freeInSeconds: number): Refusal => ({
  outcome: 'held',
  holder: holder ?? UNNAMED,
  freeInSeconds,
  now: dateOf(clock),
});
