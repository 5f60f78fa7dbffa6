import { errorText, type Logger } from '@jobsweep/core';
import type { RunnerEvents } from './events.js';

export type Listener<Name extends keyof RunnerEvents> = (event: RunnerEvents[Name]) => void | Promise<void>;

/** Tells events to those who listen. What a listener throws is logged and goes nowhere else. */
export class Emitter {
  private readonly listeners: { [Name in keyof RunnerEvents]: Set<Listener<Name>> } = {
    'pass:start': new Set(),
    batch: new Set(),
    wait: new Set(),
    repaired: new Set(),
    'pass:end': new Set(),
    error: new Set(),
  };

  constructor(private readonly logger: Logger) {}

  /** Returns what ends it. The same listener may listen more than once. */
  on<Name extends keyof RunnerEvents>(name: Name, listener: Listener<Name>): () => void {
    const own: Listener<Name> = (event) => listener(event);
    this.listeners[name].add(own);
    return () => void this.listeners[name].delete(own);
  }

  hasListeners(name: keyof RunnerEvents): boolean {
    return this.listeners[name].size > 0;
  }

  emit<Name extends keyof RunnerEvents>(name: Name, event: RunnerEvents[Name]): void {
    for (const listener of [...this.listeners[name]]) void this.tell(name, listener, event);
  }

  private async tell<Name extends keyof RunnerEvents>(
    name: Name,
    listener: Listener<Name>,
    event: RunnerEvents[Name],
  ): Promise<void> {
    try {
      await listener(event);
    } catch (error) {
      this.logger.error(`A listener of ${name} failed: ${errorText(error)}`);
    }
  }
}
