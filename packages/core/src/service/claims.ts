import type { PassCounts } from '../pass/result.js';
import type { PassEntry } from './journal.js';

/** What turns and history are kept under where a config has no name of its own. */
export const DEFAULT_CONFIG = 'main';

/**
 * Whether changes are kept. `without`: columns of your tables whose values are not, such as messages with names of people; they
 * are not put back either.
 */
export type KeptChanges = boolean | { readonly without: readonly string[] };

/** Who asks for a strategy's turn. */
export interface ClaimRequest {
  /** The name of the config: the turns of one are nothing to another. Default: `main`. */
  readonly config?: string | undefined;
  readonly strategy: string;
  /** Names the runner, and no other one in the world: its host, and something random. */
  readonly holder: string;
  /** The claim lapses when it was not advanced for so long; 1 to 3600. */
  readonly termSeconds: number;
  /** Refuses when a turn that ended began less than this ago, whoever had it. Default: 0, so only a claim of another one refuses. */
  readonly notWithinSeconds?: number;
  /** As of `Claim`. */
  readonly changes?: KeptChanges | undefined;
  readonly whilePaused?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A strategy's turn, which nobody else has until it is released or lapses. */
export interface Claim {
  readonly config: string;
  readonly strategy: string;
  readonly holder: string;
  /** Grows with every turn of the strategy: what tells this claim from every other one. */
  readonly term: number;
  readonly termSeconds: number;
  /** What the changes of the turn are kept under: 20 hexadecimal digits that no other turn has. */
  readonly pass: string;
  /** Whether what is changed under it is kept, row by row, or which columns are not. Default: `true`. */
  readonly changes?: KeptChanges | undefined;
  /** Whether a pause stands in its way: not in that of an operator who takes back what a pass did. Default: `false`. */
  readonly whilePaused?: boolean | undefined;
  /** Where the pass of the turn goes on, as `PassResult.place` of the one before has it. Default: at the beginning. */
  readonly place?: string | null | undefined;
}

/** How far a turn has come: what its pass has done up to a batch, written with that batch. */
export interface TurnProgress extends Omit<PassCounts, 'itemsUnknown'> {
  /** Where the next pass goes on, as of `Claim`. A turn that has written no batch yet leaves it as the one before did. */
  readonly place: string | null;
}

/** What became of a request. `now` is the database's clock. */
export type ClaimAnswer =
  /** `lapsed` names the holder that had the turn before and never released it. */
  | { readonly outcome: 'claimed'; readonly claim: Claim; readonly lapsed: string | null; readonly now: Date }
  /**
   * Another one has it, for at most so long without a batch; 0 when its last batch is still open, as far as the database
   * tells that without getting in its way. `holder` is `unknown` where its name is not committed yet.
   */
  | { readonly outcome: 'held'; readonly holder: string; readonly freeInSeconds: number; readonly now: Date }
  | { readonly outcome: 'notDue'; readonly dueInSeconds: number; readonly now: Date }
  /** An operator forbids its turns. */
  | { readonly outcome: 'paused'; readonly pause: Pause; readonly now: Date };

/** What is told of a turn when it is given back. */
export interface TurnOutcome {
  /** The pass had nothing to do. Counted in `emptyPasses`, which is all that is kept of it. */
  readonly empty: boolean;
  /**
   * The turn was cut short: it does not count as one, and the next one is due at once, whatever `notWithinSeconds` says.
   * Default: `false`.
   */
  readonly unfinished?: boolean;
  /** Where the next pass goes on: `PassResult.place`. Default: where the last batch of the turn left it. */
  readonly place?: string | null | undefined;
  /**
   * How many rows were due, where its breaker stopped the pass: so many an operator may approve. Default: 0, it did not. An
   * unfinished turn leaves it as the one before did.
   */
  readonly trippedRows?: number | undefined;
  /**
   * The pass, for the history: kept with the turn's end or not at all. Where the turn had come further than it says, or its
   * last commit was lost, the counts of the turn are kept. Default: nothing is kept.
   */
  readonly entry?: PassEntry | undefined;
}

/** What was approved. */
export interface Approval {
  /** What one pass may change at most: as many rows as were due when the breaker stopped it. */
  readonly rows: number;
  /** When it lapses, by the database's clock: 24 hours after it was given. */
  readonly until: Date;
}

/** What an operator asks for: that a pass goes on which its breaker has stopped, that a strategy pauses, or is resumed. */
export interface OperatorRequest {
  /** As of `ClaimRequest`. */
  readonly config?: string | undefined;
  readonly strategy: string;
  /** Who asks, for the history and for those who find it paused: a user and a machine. */
  readonly by: string;
  /** The name of the machine. */
  readonly host: string;
  readonly signal?: AbortSignal | undefined;
}

export interface PauseRequest extends OperatorRequest {
  /** For how long, up to 10 years. Default: until it is resumed. */
  readonly forSeconds?: number | undefined;
}

/** That a strategy has no turns for now. Times are the database's. */
export interface Pause {
  readonly since: Date;
  /** `null`: until it is resumed. */
  readonly until: Date | null;
  readonly by: string;
}

/** The row of one strategy in jobsweep's own table. All times are the database's. */
export interface ClaimState {
  readonly config: string;
  readonly strategy: string;
  /** Who has the turn; `null`: nobody. */
  readonly holder: string | null;
  readonly term: number;
  /** When the last turn began; `null` when it was given back unfinished: the next one is due at once. */
  readonly startedAt: Date | null;
  /** When it was released; `null` while it is held, and when it lapsed. */
  readonly endedAt: Date | null;
  /** Until when it is held unless it is advanced. */
  readonly expiresAt: Date | null;
  /** It is held, and `expiresAt` has passed. */
  readonly isLapsed: boolean;
  /** What the turn that is held has committed so far; `null`: it is not held. */
  readonly progress: Omit<TurnProgress, 'place'> | null;
  /** Passes with nothing to do since the last one that did something. */
  readonly emptyPasses: number;
  /** What the changes of the last turn are kept under; `null`: it never had one. */
  readonly pass: string | null;
  /** What one pass may change past its breaker, and until when; `null`: nobody approved any, or it was used, or has lapsed. */
  readonly approval: Approval | null;
  /** `null`: it is not paused. */
  readonly pause: Pause | null;
}

/**
 * Keeps several runners on one database from doing the same turn. Everything is decided by the database, by its clock:
 * what the hosts think of the time does not matter. Every method rejects with `NOT_INITIALIZED` where jobsweep's own
 * tables are missing.
 *
 * @example
 * const answer = await store.claims.acquire({ strategy: 'stuck_job_cleanup', holder: 'host-1:4711', termSeconds: 60 });
 * if (answer.outcome === 'claimed') {
 *   const pass = await runPass(store, strategy, { claim: answer.claim });
 *   const { place, status, stopReason } = pass;
 *   const outcome = { empty: status === 'skipped', unfinished: stopReason === 'aborted', place };
 *   await store.claims.release(answer.claim, outcome);
 * }
 */
export interface Claims<Session> {
  /**
   * Asks for a turn, in a transaction of its own, by compare and set; never waits for another one. A claim that lapsed
   * is taken over at once, whatever `notWithinSeconds` says: its turn did not end. Nor did one that the same holder has:
   * it lost its connection in the middle, and begins a new turn. What such a turn had committed goes into the history.
   */
  acquire(request: ClaimRequest): Promise<ClaimAnswer>;
  /**
   * Locks the claim's row in the open transaction, and checks that the turn is still the claim's and has not lapsed.
   * Called before anything else of a batch, so that the batch commits holding the row, and nobody can take over meanwhile.
   * Waits for whoever has the row locked. Resolves with how far the turn has come. Throws `CLAIM_LOST` when the turn is
   * another one's, was released, or has lapsed, and when the strategy was paused. From then on what the store's repository
   * changes in the transaction is kept under `claim.pass`, unless the claim says otherwise.
   */
  hold(session: Session, claim: Claim): Promise<TurnProgress>;
  /**
   * Begins a new term of a turn, and keeps how far it has come with it. The last statement of a batch, which holds the turn:
   * what it says is there just when the batch is. Without `progress` only the term is new, which any transaction may do, also
   * when the term is over. Does nothing when the turn was released or is another one's.
   */
  advance(session: Session, claim: Claim, progress?: TurnProgress): Promise<void>;
  /**
   * Approves the pass that the breaker stopped last, once, and keeps in the history who did so. One that stands already is
   * told, and stays as it is. Resolves with `undefined` where nothing was stopped since.
   */
  approve(request: OperatorRequest): Promise<Approval | undefined>;
  /**
   * Uses up the approval of a strategy for the pass of its turn, whatever becomes of that. Resolves with how many rows it may
   * change; 0: there is none, or it has lapsed. Throws `CLAIM_LOST` as `hold` does.
   */
  useApproval(claim: Claim): Promise<number>;
  /**
   * Forbids the turns of a strategy, whichever runner asks, and keeps in the history who did so. It waits for a batch in hand, and
   * the pass that it is of writes no other: once this has resolved, nothing is repaired. A pause that stands is replaced.
   */
  pause(request: PauseRequest): Promise<Pause>;
  /** Allows them again, and keeps in the history who did so. Returns `false` where it was not paused. */
  resume(request: OperatorRequest): Promise<boolean>;
  /** Gives the turn back. Returns `false`, and changes and keeps nothing, when it was not the claim's any more. */
  release(claim: Claim, outcome: TurnOutcome): Promise<boolean>;
  /** What is known of every strategy that ever had a turn, or is paused, by config and name. */
  list(options?: {
    /** Only those of one config. Default: all. */
    readonly config?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<ClaimState[]>;
}
