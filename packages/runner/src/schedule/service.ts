import { asError, retryOf } from '@jobsweep/core';
import { type ConnectParts, connect, reconnect } from '../connection/reconnect.js';
import type { InHand } from '../lifecycle/in-hand.js';
import type { Service } from '../lifecycle/lifecycle.js';
import type { RoundParts } from '../round/round.js';
import { isEnabled } from '../round/selection.js';
import type { RunnerSettings } from '../settings.js';
import { sayWhy } from '../turn/turn.js';
import { Scheduler } from './scheduler.js';
import type { Timetable } from './timetable.js';

/** What the service is made of. */
export interface ServiceParts<Session> extends RoundParts<Session>, ConnectParts<Session> {
  readonly settings: RunnerSettings;
  readonly timetables: ReadonlyMap<string, Timetable>;
  /** The one that plans turns now; absent while the service is stopped. */
  scheduler?: Scheduler<Session> | undefined;
}

/** Asks the database once, and plans the first turns. One that cannot be reached, or cannot work, is asked again while it runs. */
export async function openService<Session>(parts: ServiceParts<Session>, hand: InHand): Promise<Service> {
  const { readiness, emitter, strategies, timetables, logger } = parts;
  const failed = (error: unknown) => emitter.emit('error', { strategy: null, error: asError(error) });

  parts.opening.forgetClaims();
  readiness.forget();
  let open: ReadonlySet<string> = new Set();
  try {
    open = await connect(parts, hand.stopSignal);
  } catch (error) {
    if (retryOf(error) === 'never') throw error;
    readiness.lost(error);
    failed(error);
  }
  const plan = strategies.filter(isEnabled).flatMap((strategy) => {
    const timetable = timetables.get(strategy.name);
    return timetable === undefined ? [] : [{ strategy, timetable }];
  });
  const scheduler = new Scheduler(
    {
      ...parts,
      plan,
      reconnect: (signal) => reconnect(parts, signal, failed),
      tell: ({ report }) => sayWhy(report, logger),
    },
    hand,
  );
  scheduler.hurry(open);
  parts.scheduler = scheduler;
  return {
    run: () =>
      scheduler.run().finally(() => {
        parts.scheduler = undefined;
      }),
  };
}
