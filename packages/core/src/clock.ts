/** A source of the current time. Strategies use it for texts only; every horizon comes from the database's clock. */
export interface Clock {
  now(): Date;
}

/** This machine's clock. */
export const systemClock: Clock = { now: () => new Date() };
