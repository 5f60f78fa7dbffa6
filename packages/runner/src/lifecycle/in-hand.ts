import type { RunnerTiming } from '../timing.js';

/**
 * What still runs so long after its abort waits for something that has no deadline: it is left behind. With what a process
 * needs to end after that, a supervisor can count on the grace time and 10 s.
 */
const LEFT_AFTER_MS = 8000;

/** All that a runner does between one stop and the next. */
export class InHand {
  private readonly stopping = new AbortController();
  private readonly aborting = new AbortController();
  private readonly leaving = new AbortController();
  private readonly works = new Set<Promise<unknown>>();

  /** Fires when nothing may begin any more. */
  get stopSignal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Fires when what still runs must end. */
  get signal(): AbortSignal {
    return this.aborting.signal;
  }

  /** Work that a stop waits for. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    const running = work();
    this.works.add(running);
    try {
      return await running;
    } finally {
      this.works.delete(running);
    }
  }

  /**
   * Resolves when nothing runs any more, and at the latest some seconds after the grace time, with how many works are left
   * behind. May be called again, with less grace.
   */
  async end(graceSeconds: number, timing: RunnerTiming): Promise<number> {
    this.stopping.abort(new Error('The runner was stopped'));
    const ended = new AbortController();
    const isEnded = () => ended.signal.aborted;
    const grace = async () => {
      if (graceSeconds > 0) await timing.sleep(graceSeconds * 1000, ended.signal);
      if (isEnded()) return;
      this.aborting.abort(new Error('The grace time is over'));
      await timing.sleep(LEFT_AFTER_MS, ended.signal);
      if (!isEnded()) this.leaving.abort();
    };
    const graced = this.works.size > 0 ? grace() : undefined;
    const { signal: leaving } = this.leaving;
    const left = new Promise<void>((resolve) => {
      leaving.addEventListener('abort', () => resolve(), { once: true });
    });
    while (this.works.size > 0 && !leaving.aborted) await Promise.race([Promise.allSettled(this.works), left]);
    ended.abort();
    await graced;
    return this.works.size;
  }
}
