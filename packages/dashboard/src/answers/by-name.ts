import { type Clock, Remembered } from './remembered.js';

/** Answers that are kept at a time. */
const MAX_KEPT = 200;

/** Questions that are put to the database in a minute. */
const MAX_A_MINUTE = 120;
const MINUTE_MS = 60_000;

/** Questions that those who look make up, such as for a page of the history: of bounded number. */
export class ByName {
  private readonly kept = new Map<string, Remembered<unknown>>();
  private begun: number[] = [];

  constructor(
    private readonly keepMs: number,
    private readonly clock: Clock,
  ) {}

  /** The answer to a question of this name. Rejects with `TooMany` where too many were asked. */
  async get<Value>(name: string, ask: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const known = this.kept.get(name) as Remembered<Value> | undefined;
    if (known !== undefined) return known.get();
    const bounded = async (signal: AbortSignal) => {
      this.admit();
      return ask(signal);
    };
    const question = new Remembered(bounded, this.keepMs, this.clock);
    this.kept.set(name, question);
    const [oldest] = this.kept.keys();
    if (oldest !== undefined && this.kept.size > MAX_KEPT) this.kept.delete(oldest);
    return question.get();
  }

  private admit(): void {
    const nowMs = this.clock();
    this.begun = this.begun.filter((ms) => nowMs - ms < MINUTE_MS);
    if (this.begun.length >= MAX_A_MINUTE) throw new TooMany();
    this.begun.push(nowMs);
  }
}

/** More is asked than the database is to be bothered with. */
export class TooMany extends Error {}
