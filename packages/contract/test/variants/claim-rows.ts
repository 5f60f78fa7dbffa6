import type { MemoryDatabase } from '@jobsweep/core/memory';

const CLAIMS = 'jobsweep_claims';

/** The rows of claims, for faults to look at and to change past the adapter. */
export class ClaimRows {
  constructor(private readonly database: MemoryDatabase) {}

  of(strategy: string) {
    return this.database.rows(CLAIMS).find((row) => row.strategy === strategy);
  }

  async change(strategy: string, values: Readonly<Record<string, number>>): Promise<void> {
    await this.database.transaction((session) => session.update(CLAIMS, (row) => row.strategy === strategy, values));
  }
}
