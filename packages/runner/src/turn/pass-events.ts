import {
  type CleanupRow,
  type CleanupStrategy,
  errorText,
  type Logger,
  type PassCounts,
  type PassOptions,
  type RepairHooks,
} from '@jobsweep/core';
import type { Connection } from '../connection/connection.js';
import type { RunnerOptions } from '../options.js';
import type { DueTimes } from './due-times.js';
import type { Emitter } from './emitter.js';

/** What tells the events of a pass. */
export interface PassEvents<Session> {
  readonly emitter: Emitter;
  readonly connection: Pick<Connection<Session>, 'store' | 'clock' | 'readiness'>;
  readonly options: Pick<RunnerOptions<Session>, 'hooks' | 'onRepaired' | 'onBatch'>;
  readonly logger: Pick<Logger, 'error'>;
  /** Gets how long the rows had been due. `undefined`: nobody keeps that. */
  readonly due: DueTimes | undefined;
}

/** The hooks and callbacks of a pass: events first, then those that the runner was given. */
export function passHooks<Session>(
  strategy: CleanupStrategy<Session>,
  { emitter, connection, options, logger, due }: PassEvents<Session>,
): Pick<PassOptions<CleanupRow, Session>, keyof RepairHooks | 'onBatch' | 'onWait'> {
  const { name } = strategy;
  const { store, clock, readiness } = connection;
  // Whose rows these are, its name says.
  const hooks: RepairHooks<CleanupRow, Session> | undefined = options.hooks?.[name];
  return {
    ...(hooks?.confirm && { confirm: (rows, how) => hooks.confirm?.(rows, how) ?? rows }),
    ...(hooks?.within && { within: (session, rows, how) => hooks.within?.(session, rows, how) }),
    async onRepaired(rows, how) {
      if (due !== undefined || emitter.hasListeners('repaired')) {
        const now = await clock.refresh(store).then(
          () => clock.now(),
          () => undefined,
        );
        const dueSeconds = now === undefined ? [] : secondsDue(strategy, rows, now, logger);
        due?.add(dueSeconds);
        emitter.emit('repaired', { strategy: name, rows, dueSeconds });
      }
      try {
        await options.onRepaired?.(name, rows);
      } finally {
        await hooks?.onRepaired?.(rows, how);
      }
    },
    onBatch(counts: PassCounts, durationMs: number) {
      readiness.worked(name);
      emitter.emit('batch', { strategy: name, counts, durationMs });
      return options.onBatch?.(name, counts);
    },
    onWait: (wait) => emitter.emit('wait', { strategy: name, wait: wait ?? null }),
  };
}

function secondsDue(
  strategy: Pick<CleanupStrategy<never>, 'name' | 'dueSince'>,
  rows: readonly CleanupRow[],
  now: Date,
  logger: Pick<Logger, 'error'>,
): number[] {
  try {
    return rows.flatMap((row) => {
      const since = strategy.dueSince?.(row) ?? null;
      return since === null ? [] : [Math.max(0, (now.getTime() - since.getTime()) / 1000)];
    });
  } catch (error) {
    // The rows were repaired all the same, and whoever wants to know of that is told.
    logger.error(`[${strategy.name}] Its dueSince failed: ${errorText(error)}`);
    return [];
  }
}
