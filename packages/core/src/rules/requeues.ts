import type { RequeueOption } from '../strategies/requeue.js';
import type { Mapped } from './mapped.js';
import { Requeue, type RequeuedJobs } from './requeue.js';

/** One `Requeue` for each option: drivers know a table by what it is. */
export class Requeues {
  private readonly known: Readonly<Record<RequeuedJobs, WeakMap<RequeueOption, Requeue>>> = {
    begun: new WeakMap(),
    waiting: new WeakMap(),
  };

  constructor(private readonly mapped: Mapped) {}

  of(option: RequeueOption, jobs: RequeuedJobs): Requeue {
    const requeue = this.known[jobs].get(option) ?? new Requeue(option, this.mapped, jobs);
    this.known[jobs].set(option, requeue);
    return requeue;
  }
}
