import { type CleanupStore, type HistoryEntry, type Left, Undo } from '@jobsweep/core';
import type { RunnerSettings } from '../settings.js';
import { type OperatorPass, type OperatorPassRequest, operatorPass } from './operator-pass.js';

/** What is taken back, and who asks for it. */
export interface UndoRequest extends OperatorPassRequest {
  /** The pass, as the history has it. */
  readonly entry: HistoryEntry & { readonly pass: string };
  /** Only what was changed of these jobs, and of what they hold. Default: all. */
  readonly jobs?: readonly string[] | undefined;
}

/** What came of it. */
export interface UndoReport extends OperatorPass {
  readonly left: readonly Left[];
}

/** Takes back what a pass has changed. See `operatorPass`. */
export async function undo<Session>(
  store: CleanupStore<Session>,
  settings: RunnerSettings,
  { entry, jobs, ...request }: UndoRequest,
): Promise<UndoReport | { readonly holder: string }> {
  const { strategy, pass: of } = entry;
  const undoing = new Undo(store.changes, { pass: of, strategy, jobs });
  const done = await operatorPass(store, settings, undoing, 'undone', request);
  return 'holder' in done ? done : { ...done, left: undoing.left.list() };
}
