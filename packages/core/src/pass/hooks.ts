import { invalidOption } from '../errors.js';
import type { CleanupRow } from '../model.js';

/** What a hook is told besides. */
export interface HookOptions {
  /** Fires when the time of the pass is over, and when it is aborted. What goes on after that is not waited for. */
  readonly signal: AbortSignal;
}

/** What the host does around a repair: what jobsweep cannot know of, such as processes and counters. */
export interface RepairHooks<Row extends CleanupRow = CleanupRow, Session = unknown> {
  /**
   * Gets the rows of a page that are due, before anything is written and with no transaction open, and gives back those of
   * them that are to be repaired: the host ends a process first, or says that it lives. The others stay as they are until the
   * next pass asks again. A row is given once a pass. What it throws fails the pass, and no row of the page is changed.
   */
  confirm?(rows: readonly Row[], options: HookOptions): readonly Row[] | Promise<readonly Row[]>;
  /**
   * Gets the rows that a batch changed, as they are now, in its open transaction: what it writes there is committed with the
   * repair or not at all. It may be called again where that transaction is run again, so that it must do nothing outside. A row
   * for which it throws, alone in its batch at last, is not repaired, and reported as blocked. Let it throw on what fails in it:
   * PostgreSQL takes a transaction back in which a statement failed. It must end no transaction: where that cannot be told, by
   * `ROLLBACK` as SQL say, rows count as repaired that are not.
   */
  within?(session: Session, rows: readonly Row[], options: HookOptions): void | Promise<void>;
  /** Gets the repaired rows of a batch after its commit, each row at most once. Errors of it are logged. */
  onRepaired?(rows: readonly Row[], options: HookOptions): void | Promise<void>;
}

const HOOK_NAMES = ['confirm', 'within', 'onRepaired'] as const satisfies readonly (keyof RepairHooks)[];

/** For runners: throws `INVALID_OPTION` for a hook that is no function. `path` is what stands before its name. */
export function checkHooks(path: string, hooks: { readonly [Name in keyof RepairHooks]?: unknown }): void {
  for (const name of HOOK_NAMES) {
    const hook = hooks[name];
    if (hook !== undefined && typeof hook !== 'function')
      throw invalidOption(`${path}${name}`, hook, 'give a function');
  }
}
