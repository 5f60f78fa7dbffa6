import type { CleanupStore, SchemaFinding } from '@jobsweep/core';
import type { Coordination } from './coordination.js';
import { type Intended, type Ruled, requireFitting, rulesOf } from './fitting-schema.js';
import type { Warnings } from './warnings.js';

/** What must be known before anything runs, asked once: that the mapping fits, and whether turns are claimed. */
export class Opening {
  private findings: Promise<readonly SchemaFinding[]> | undefined;
  private claims: Promise<void> | undefined;

  constructor(
    private readonly store: Pick<CleanupStore<never>, 'inspect'>,
    private readonly strategies: readonly Ruled[],
    private readonly coordination: Coordination,
    private readonly warnings: Warnings,
  ) {}

  /** Rejects with `ENGINE_UNSUPPORTED` or `SCHEMA_MISMATCH`, also for a round that only looks. What failed is asked again the next time. */
  async requireSchema(intended: Intended): Promise<void> {
    this.findings ??= this.store.inspect.schema({ rules: rulesOf(this.strategies) });
    try {
      const findings = await this.findings;
      requireFitting(findings, intended);
      await this.warnings.say(findings);
    } catch (error) {
      this.findings = undefined;
      throw error;
    }
  }

  /** Rejects with one of these or `NOT_INITIALIZED`. */
  async requireAll(intended: Intended): Promise<void> {
    await this.requireSchema(intended);
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
