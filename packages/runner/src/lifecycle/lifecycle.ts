import { checkGrace } from '../settings.js';
import type { RunnerTiming } from '../timing.js';
import { InHand } from './in-hand.js';

/** What was opened: it runs until what it was given in hand is stopped. */
export interface Opened {
  run(): Promise<void>;
}

/**
 * Starts and stops something, in any order, any number of times and concurrently. A `start` during a stop begins when
 * that is over, and not at all when another `stop` comes first.
 */
export class Lifecycle<Kind extends Opened> {
  private hand = new InHand();
  private opened: Kind | undefined;
  private started: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;
  private stops = 0;

  constructor(
    /** Makes it ready to run; what this rejects with, `start` rejects with. */
    private readonly open: (hand: InHand) => Promise<Kind>,
    private readonly timing: RunnerTiming,
    private readonly graceSeconds: number,
    /** Called with how many works a stop left behind. */
    private readonly onLeft: (works: number) => void,
  ) {}

  get state(): 'idle' | 'running' | 'stopping' {
    if (this.stopping !== undefined) return 'stopping';
    return this.started === undefined ? 'idle' : 'running';
  }

  /** What runs now; `undefined`: it is not started, is still being opened, or is stopping. */
  get running(): Kind | undefined {
    return this.state === 'running' ? this.opened : undefined;
  }

  async start(): Promise<void> {
    const { stops } = this;
    while (this.stopping !== undefined) await this.stopping;
    if (this.stops !== stops) return;
    this.started ??= this.begin(this.hand);
    await this.started;
  }

  async stop(graceSeconds = this.graceSeconds): Promise<void> {
    checkGrace(graceSeconds);
    this.stops += 1;
    const ended = this.hand.end(graceSeconds, this.timing);
    this.stopping ??= ended
      .then((left) => {
        if (left > 0) this.onLeft(left);
      })
      .finally(() => {
        this.hand = new InHand();
        this.opened = undefined;
        this.started = undefined;
        this.stopping = undefined;
      });
    await this.stopping;
  }

  /** Does work that a stop waits for. While one is under way, its signal has fired already. */
  run<Result>(work: (hand: InHand) => Promise<Result>): Promise<Result> {
    const { hand } = this;
    return hand.take(() => work(hand));
  }

  private async begin(hand: InHand): Promise<void> {
    const opening = hand.take(async () => {
      const opened = await this.open(hand);
      if (hand.stopSignal.aborted) return;
      this.opened = opened;
      void hand.take(() => opened.run());
    });
    try {
      await opening;
    } catch (error) {
      if (hand.stopSignal.aborted) return;
      if (this.hand === hand) this.started = undefined;
      throw error;
    }
  }
}
