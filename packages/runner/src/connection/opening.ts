import type { CleanupStore } from '@jobsweep/core';
import type { Coordination } from './coordination.js';
import { requireFittingSchema } from './fitting-schema.js';

/** What must be known before anything runs, asked once: that the mapping fits, and whether turns are claimed. */
export class Opening {
  private schema: Promise<void> | undefined;
  private claims: Promise<void> | undefined;

  constructor(
    private readonly store: Pick<CleanupStore<never>, 'inspect'>,
    private readonly coordination: Coordination,
  ) {}

  /** Rejects with `SCHEMA_MISMATCH`, also for a round that only looks. What failed is asked again the next time. */
  async requireSchema(): Promise<void> {
    this.schema ??= requireFittingSchema(this.store);
    await this.schema.catch((error: unknown) => {
      this.schema = undefined;
      throw error;
    });
  }

  /** Rejects with `SCHEMA_MISMATCH` or `NOT_INITIALIZED`. */
  async requireAll(): Promise<void> {
    await this.requireSchema();
    this.claims ??= this.coordination.decide();
    await this.claims.catch((error: unknown) => {
      this.claims = undefined;
      throw error;
    });
  }

  /** Tables may have been made meanwhile. */
  forgetClaims(): void {
    this.claims = undefined;
  }
}
