import { before, DAY } from '../support/times.js';
import type { Random } from './random.js';

/** Far before every limit, and by so many days more that a later run may end before an earlier one. */
const OLD_DAYS = 400;
const MORE_DAYS = 100;
/** Near enough to none of them. */
const HORIZON_SECONDS = 100 * DAY;
/** No two times are within the same millisecond, so a time names one run and one reservation. */
const STEP_SECONDS = 0.001;

/** The times that the application writes, each once. */
export class Times {
  private steps = 0;

  constructor(
    private readonly now: Date,
    private readonly random: Random,
  ) {}

  /** Every time before this one is past its limit, and none of the others is. */
  get horizon(): string {
    return before(this.now, HORIZON_SECONDS);
  }

  readonly fresh = (): string => this.next(0);

  readonly old = (): string => this.next((OLD_DAYS + this.random.upTo(MORE_DAYS)) * DAY);

  readonly anyTime = (): string => (this.random.upTo(2) === 1 ? this.old() : this.fresh());

  private next(seconds: number): string {
    this.steps += 1;
    return before(this.now, seconds - this.steps * STEP_SECONDS);
  }
}
