import type { Claim, ClaimRequest } from '@jobsweep/core';
import type { MemoryDatabase, MemorySession, OwnRow } from '@jobsweep/core/memory';

export const CLAIMS = 'jobsweep_claims';

/** A row of the claims, as far as faults look at it. */
export interface ClaimRow extends OwnRow {
  readonly holder: string | null;
  readonly term: number;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly expires_at: string | null;
  readonly empty_passes: number;
  readonly batches: number;
}

export const claimId = ({ config, strategy }: Pick<Claim, 'config' | 'strategy'>): string => `${config}/${strategy}`;

/** The rows of claims, for faults to look at and to change past the adapter. */
export class ClaimRows {
  constructor(private readonly database: MemoryDatabase) {}

  of(strategy: string): ClaimRow | undefined {
    return this.database.rows(CLAIMS).find((row) => row.strategy === strategy) as ClaimRow | undefined;
  }

  async change(strategy: string, values: Partial<ClaimRow>): Promise<void> {
    await this.database.transaction((session) => session.update(CLAIMS, (row) => row.strategy === strategy, values));
  }

  /** Waits a tenth of a second for whoever holds the row. */
  async wait(strategy: string): Promise<void> {
    const lock = (session: MemorySession) => session.lock(CLAIMS, (row) => row.strategy === strategy);
    await this.database.transaction(lock, { lockTimeoutSeconds: 0.1 });
  }

  /** Makes a turn lapse that would lapse before a time. */
  async endBefore(strategy: string, time: Date): Promise<void> {
    const end = this.of(strategy)?.expires_at;
    if (end != null && new Date(end) <= time) await this.change(strategy, { expires_at: this.database.now() });
  }

  /** Gives a turn to whoever asks for it, whatever became of it since it was looked at. */
  async give({ strategy, holder, termSeconds }: ClaimRequest, term: number): Promise<Claim> {
    const now = this.database.now();
    const end = new Date(Date.parse(now) + termSeconds * 1000);
    const values = { holder, term, started_at: now, expires_at: end.toISOString() };
    await this.change(strategy, values);
    return { config: 'main', strategy, holder, term, termSeconds };
  }
}
