import type { PassResult } from '../pass/result.js';
import type { GetOptions } from '../repository.js';
import type { CleanupStore } from '../store.js';
import type { CleanupOptions, CleanupResult, CleanupStrategy } from '../strategies/strategy.js';
import type { Change, ChangesOf, LeftReason, PutBack } from './changes.js';

/** Which turn is taken back, and of which strategy it was. */
export interface UndoOf extends ChangesOf {
  readonly strategy: string;
}

/** How many rows stay for one reason, and the first of them. */
export interface Left {
  readonly reason: LeftReason;
  readonly rows: number;
  readonly first: readonly Pick<Change, 'table' | 'rowId' | 'jobId'>[];
}

/** Rows that are named of those that stay for one reason. */
const NAMED_ROWS = 20;
/** Changes that a dry run judges at a time. */
const PAGE_ROWS = 1000;

type UndoStore<Session> = Pick<CleanupStore<Session>, 'changes' | 'transaction'>;

/** What stays as it is, by the reasons. */
class LeftRows {
  private readonly byReason = new Map<LeftReason, { rows: number; first: Left['first'] }>();

  add({ left }: Pick<PutBack, 'left'>): void {
    for (const { change, reason } of left) {
      const { rows, first } = this.byReason.get(reason) ?? { rows: 0, first: [] };
      const { table, rowId, jobId } = change;
      const named = first.length < NAMED_ROWS ? [...first, { table, rowId, jobId }] : first;
      this.byReason.set(reason, { rows: rows + 1, first: named });
    }
  }

  list(): Left[] {
    return [...this.byReason].map(([reason, { rows, first }]) => ({ reason, rows, first }));
  }
}

/**
 * Takes back what a turn has changed: what a pass is run of, under the claim of its strategy. `settled` is its `onBatch`.
 *
 * @example
 * const undo = new Undo(store.changes, { pass, strategy: 'stuck_job_cleanup' });
 * const { itemsCleaned } = await runPass(store, undo, { claim, onBatch: undo.settled });
 * console.log(itemsCleaned, undo.left.list());
 */
export class Undo<Session> implements CleanupStrategy<Session, Change> {
  readonly name: string;
  readonly description = 'Takes back what a pass has changed';
  readonly metadata = { priority: 1, dependsOn: [], tags: [], timeoutSeconds: 86_400, enabledByDefault: false };
  readonly intervalSeconds = 86_400;
  readonly enabled = false;
  readonly hasCheck = false;
  readonly left = new LeftRows();
  private uncommitted: PutBack | undefined;

  constructor(
    private readonly changes: UndoStore<Session>['changes'],
    private readonly of: UndoOf,
  ) {
    this.name = of.strategy;
  }

  find(session: Session, page: GetOptions<Change>): Promise<Change[]> {
    return this.changes.getUndoable(session, this.of, page);
  }

  async before(): Promise<boolean> {
    return true;
  }

  async cleanup(session: Session, { rows, ...page }: CleanupOptions<Change> = {}): Promise<CleanupResult<Change>> {
    this.uncommitted = undefined;
    const found = rows ?? (await this.find(session, page));
    const outcome = await this.changes.putBack(session, found);
    this.uncommitted = outcome;
    const { undone, contended } = outcome;
    return { itemsCleaned: undone.length, found, changed: undone, contended };
  }

  /** To be called after each commit. */
  readonly settled = (): void => {
    if (this.uncommitted !== undefined) this.left.add(this.uncommitted);
    this.uncommitted = undefined;
  };

  describe({ table, rowId }: Change): string {
    return `${table} ${rowId}`;
  }

  announce(): void {}

  after(_result: PassResult): void {}
}

/** What would be taken back: how many rows, and what would stay. */
export interface UndoPlan {
  readonly undone: number;
  readonly contended: number;
  readonly left: readonly Left[];
}

/** Judges all changes of a turn as they are now, a page at a time, and writes nothing. */
export async function planUndo<Session>(
  { changes, transaction }: UndoStore<Session>,
  of: ChangesOf,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<UndoPlan> {
  const left = new LeftRows();
  let [undone, contended] = [0, 0];
  let after: Change | undefined;
  do {
    const page = { limit: PAGE_ROWS, after, signal };
    const judge = async (session: Session) => {
      const found = await changes.getUndoable(session, of, page);
      return { found, outcome: await changes.putBack(session, found, { dryRun: true }) };
    };
    const { found, outcome } = await transaction(judge, { readOnly: true, signal });
    undone += outcome.undone.length;
    contended += outcome.contended.length;
    left.add(outcome);
    after = found.length === PAGE_ROWS ? found.at(-1) : undefined;
  } while (after !== undefined);
  return { undone, contended, left: left.list() };
}
