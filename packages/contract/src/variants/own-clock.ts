import { type Assignments, microsOf, secondsToMicros } from '@jobsweep/core';

/** Instants by the clock of this process, in place of those by the database's. */
export const byOwnClock = (set: Assignments): Assignments =>
  Object.fromEntries(
    Object.entries(set).map(([column, write]) => [
      column,
      'afterSeconds' in write ? { time: microsOf(new Date()) + secondsToMicros(write.afterSeconds) } : write,
    ]),
  );
