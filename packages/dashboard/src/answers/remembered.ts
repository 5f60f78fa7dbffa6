/** The most that one question may take. */
const ASK_MS = 30_000;

/** How long a question that failed is not asked again. */
const FAILED_MS = 5000;

/** How the time is told, in milliseconds. */
export type Clock = () => number;

/** An answer, or why there is none, and when it was asked for. */
export type Known<Value> = { readonly atMs: number } & ({ readonly value: Value } | { readonly error: unknown });

/** One question to the database: however many want to know, it is asked once in a while, and never twice at a time. */
export class Remembered<Value> {
  private known: Known<Value> | undefined;
  private asking: Promise<Known<Value>> | undefined;

  /** @param keepMs how long an answer is good for. */
  constructor(
    private readonly ask: (signal: AbortSignal) => Promise<Value>,
    private readonly keepMs: number,
    private readonly clock: Clock,
  ) {}

  /** An answer that is good still, or a new one. Rejects with why there is none. */
  async get(): Promise<Value> {
    const good = this.isGood() ? this.known : undefined;
    const known = good ?? (await this.renew());
    if ('error' in known) throw known.error;
    return known.value;
  }

  /** The last answer, however old, while a new one is asked for; `undefined`: there was none yet. */
  latest(): Known<Value> | undefined {
    if (!this.isGood()) void this.renew();
    return this.known;
  }

  private isGood(): boolean {
    if (this.known === undefined) return false;
    return this.clock() - this.known.atMs < ('error' in this.known ? FAILED_MS : this.keepMs);
  }

  private renew(): Promise<Known<Value>> {
    this.asking ??= this.askNow().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async askNow(): Promise<Known<Value>> {
    try {
      const value = await this.ask(AbortSignal.timeout(ASK_MS));
      this.known = { atMs: this.clock(), value };
    } catch (error) {
      this.known = { atMs: this.clock(), error };
    }
    return this.known;
  }
}
