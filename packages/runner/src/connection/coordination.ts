import { type CleanupStore, JobsweepError, type Logger, type OwnTableState } from '@jobsweep/core';
import type { RunnerSettings } from '../settings.js';

/** Whether turns are claimed and passes kept in jobsweep's own tables, or the runner works alone. */
export class Coordination {
  /** `null`: not known yet. */
  isActive: boolean | null = null;
  private hasSaidSo = false;

  constructor(
    private readonly store: Pick<CleanupStore<never>, 'ownTables'>,
    private readonly mode: RunnerSettings['claims'],
    private readonly logger: Logger,
  ) {}

  /** Whether a turn may begin only under a claim. Where claims are required, nothing that is not known makes up for one. */
  get mustClaim(): boolean {
    return this.mode === 'required' || this.isActive === true;
  }

  /**
   * Looks whether the tables are there. Rejects with `NOT_INITIALIZED` where they are required and missing, and where only
   * some of them are as they should be: other runners may claim turns in those.
   */
  async decide(signal?: AbortSignal): Promise<void> {
    if (this.mode === 'off') {
      this.isActive = false;
      return;
    }
    const tables = await this.store.ownTables.state({ signal });
    const why = tables.length === 0 ? 'this adapter makes no tables of its own' : problemsOf(tables).join(', ');
    this.isActive = why === '';
    if (this.isActive) return;
    if (this.mode === 'required' || tables.some(({ exists }) => exists)) {
      const reason =
        this.mode === 'required' ? 'Claims are required' : 'Other runners may be using the tables that are there';
      throw new JobsweepError('NOT_INITIALIZED', `${reason}, and ${why}. Make the tables: jobsweep init --apply.`);
    }
    if (this.hasSaidSo) return;
    this.hasSaidSo = true;
    this.logger.warn(`Working alone and keeping no history: ${why}. Another runner would repeat the work of this one.`);
  }
}

/** MySQL and MariaDB show a user only the tables that it may do something with. */
function problemsOf(tables: readonly OwnTableState[]): string[] {
  const missing = tables.filter(({ exists }) => !exists).map(({ table }) => table);
  return [
    ...(missing.length > 0 ? [`${missing.join(', ')} missing, or hidden from this user`] : []),
    ...tables.flatMap(({ table, problem }) => (problem === null ? [] : [`${table} does not fit: ${problem}`])),
  ];
}
