/** Somebody who sleeps until a time, or until woken. */
export interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** Those who sleep by a clock that a test moves; nobody wakes by himself. */
export class Sleepers {
  private readonly asleep = new Set<Sleeper>();

  constructor(private readonly clock: { readonly ms: number }) {}

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise<void>((resolve) => {
      if (ms <= 0 || signal?.aborted) return resolve();
      const wake = () => {
        this.asleep.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { untilMs: this.clock.ms + ms, wake };
      this.asleep.add(sleeper);
      signal?.addEventListener('abort', wake);
    });

  get count(): number {
    return this.asleep.size;
  }

  /** Who is the first to wake; `undefined`: nobody sleeps. */
  first(): Sleeper | undefined {
    return [...this.asleep].sort((one, other) => one.untilMs - other.untilMs)[0];
  }
}
