import { type ChangeCounts, DEFAULT_CONFIG, type HistoryEntry, isJobsweepError } from '@jobsweep/core';
import type { Context, Opened } from './context.js';
import { CommandError, UsageError } from './exit.js';

/** A pass that may have changed something: one that had a turn. */
export type NamedPass = HistoryEntry & { readonly pass: string };

/** The pass of the history that the command line names. Throws `UsageError` where there is none. */
export async function passNamed(
  { audience, signal }: Context,
  { store, config }: Opened,
  [id = '']: readonly string[],
): Promise<NamedPass> {
  const { noPass, noChanges } = audience.words.undo;
  const [entry] = await store.journal
    .read({ config: config.name ?? DEFAULT_CONFIG, id, limit: 1, signal })
    .catch((error: unknown) => {
      if (isJobsweepError(error, 'INVALID_OPTION')) return [];
      throw error;
    });
  if (entry === undefined) throw new UsageError(noPass(id));
  if (entry.pass === null) throw new CommandError('NOTHING_TO_UNDO', noChanges(id));
  return { ...entry, pass: entry.pass };
}

/**
 * How much is kept of what a pass has changed, of all jobs or of some. Throws `UsageError` where there is something, and
 * nothing of these.
 */
export async function changesOf(
  { audience, signal }: Context,
  { store: { changes } }: Opened,
  { id, pass }: NamedPass,
  jobs: readonly string[] | undefined,
): Promise<ChangeCounts> {
  const counts = await changes.count({ pass, jobs, signal });
  if (counts.rows > 0 || jobs === undefined) return counts;
  const [ofOthers] = await changes.read({ pass, limit: 1, signal });
  if (ofOthers === undefined) return counts;
  throw new UsageError(audience.words.undo.noSuchJob(id, quoted(jobs)));
}

/** Ids in a sentence. */
export const quoted = (ids: readonly string[]): string => ids.map((id) => `'${id}'`).join(', ');
