import { asError, retryOf } from '@jobsweep/core';
import { connect, reconnect } from '../connection/reconnect.js';
import type { InHand } from '../lifecycle/in-hand.js';
import type { RunnerParts } from '../parts.js';
import { isEnabled } from '../round/selection.js';
import { sayWhy } from '../turn/turn.js';
import { Scheduler } from './scheduler.js';

/** Asks the database once, and plans the first turns. One that cannot be reached, or cannot work, is asked again while it runs. */
export async function openScheduler<Session>(parts: RunnerParts<Session>, hand: InHand): Promise<Scheduler<Session>> {
  const { connection, turns, emitter, strategies, timetables, settings, logger } = parts;
  const { opening, readiness } = connection;
  const failed = (error: unknown) => emitter.emit('error', { strategy: null, error: asError(error) });

  const taking = strategies.filter(isEnabled);
  const { name, multiWriter } = settings;
  const turned = { name, multiWriter, taking };
  opening.forgetClaims();
  readiness.forget();
  let open: ReadonlySet<string> = new Set();
  try {
    open = await connect(connection, turned, hand.stopSignal);
  } catch (error) {
    if (retryOf(error) === 'never') throw error;
    readiness.lost(error);
    failed(error);
  }
  const plan = taking.flatMap((strategy) => {
    const timetable = timetables.get(strategy.name);
    return timetable === undefined ? [] : [{ strategy, timetable }];
  });
  const scheduler = new Scheduler(
    {
      ...{ connection, turns, settings, plan },
      reconnect: (signal) => reconnect(connection, turned, settings.timing, signal, failed),
      tell: ({ report }) => sayWhy(report, logger),
    },
    hand,
  );
  scheduler.hurry(open);
  return scheduler;
}
