/** Timers of Node.js go no further; nobody is idle for 24 days. */
const MAX_SECONDS = 2_000_000;

/** Ends a transaction that has no statement for too long, as servers do. A statement that waits for a lock is one. */
export class IdleLimit {
  private running = 0;
  private timer: NodeJS.Timeout | undefined;
  private exceeded = false;

  constructor(
    private readonly seconds: number,
    private readonly endTransaction: () => void,
  ) {
    this.start();
  }

  /** Whether it ended the transaction. */
  get isExceeded(): boolean {
    return this.exceeded;
  }

  async during<Result>(statement: () => Promise<Result>): Promise<Result> {
    this.running += 1;
    clearTimeout(this.timer);
    try {
      return await statement();
    } finally {
      this.running -= 1;
      if (this.running === 0) this.start();
    }
  }

  /** There is no transaction any more. */
  end(): void {
    this.running = Number.POSITIVE_INFINITY;
    clearTimeout(this.timer);
  }

  private start(): void {
    if (this.seconds > MAX_SECONDS) return;
    this.timer = setTimeout(() => {
      this.exceeded = true;
      this.endTransaction();
    }, this.seconds * 1000);
  }
}
