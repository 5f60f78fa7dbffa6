import type { RunnerTiming } from './timing.js';

/** All that a runner does between one stop and the next. */
export class InHand {
  private readonly stopping = new AbortController();
  private readonly aborting = new AbortController();
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

  /** Resolves when nothing runs any more. May be called again, with less grace. */
  async end(graceSeconds: number, timing: RunnerTiming): Promise<void> {
    this.stopping.abort(new Error('The runner was stopped'));
    const ended = new AbortController();
    const grace = async () => {
      if (graceSeconds > 0) await timing.sleep(graceSeconds * 1000, ended.signal);
      if (!ended.signal.aborted) this.aborting.abort(new Error('The grace time is over'));
    };
    const graced = this.works.size > 0 ? grace() : undefined;
    while (this.works.size > 0) await Promise.allSettled(this.works);
    ended.abort();
    await graced;
  }
}
