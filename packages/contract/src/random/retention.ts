import type { JobRow } from '../cluster.js';
import type { Ledger } from './ledger.js';
import type { Rules } from './rules.js';

/**
 * Judges which jobs of a worker are deleted by number: whenever one goes, so many of its group that finished after it have
 * to be there. Between two looks nobody takes one of these away but the strategies, which never take the newest. So they are
 * there at the next look as well.
 */
export class Retention {
  private known: ReadonlyMap<string, JobRow> = new Map();

  constructor(
    private readonly rules: Rules,
    private readonly ledger: Ledger,
  ) {}

  /**
   * What the worker saw of all its jobs in a transaction that is committed, and what it left of the one that it had locked
   * before: whoever relied on that one as it was had done so by then.
   */
  see(jobs: readonly JobRow[], left: JobRow | undefined): void {
    const seen = new Map(jobs.map((job) => [job.id, job]));
    for (const [id, job] of this.known) {
      if (!seen.has(id) && this.rules.isAmongNewest(job, jobs))
        this.ledger.violations.push(`Job ${id} was deleted although it is among the newest of ${job.note}`);
    }
    this.known = seen;
    this.leave(left);
  }

  /** What the worker left of a job without a look at the others. */
  leave(job: JobRow | undefined): void {
    if (job !== undefined) this.known = new Map([...this.known, [job.id, job]]);
  }
}
