/** When a strategy has its turns. `now` is always the database's time. */
export interface Timetable {
  /** For people. */
  readonly text: string;
  /** Jitter is a fraction of this. */
  readonly spreadMs: number;
  /** Until the first turn after a start; `random` is at least 0 and below 1. */
  firstInMs(now: Date, random: number): number;
  /** Until the turn after one that began `agoMs` ago; `Infinity`: never. */
  nextInMs(now: Date, agoMs: number): number;
  /** Until another runner's turn makes room for the next one, when the database says how long that is at least. */
  againInMs(now: Date, dueInMs: number): number;
  /** A turn that began no longer ago than this was the one that is due. */
  notWithinSeconds(now: Date): number;
}
