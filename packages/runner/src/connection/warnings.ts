import { type CleanupStore, errorText, type Logger, type SchemaFinding } from '@jobsweep/core';
import { stateOption, unknownStateInWords } from '../doctor/unknown-state.js';
import { inOneLine } from './fitting-schema.js';

/** Rows of each table whose states are looked at: a few milliseconds, however large the table is. */
const NEWEST_ROWS = 1000;

/** What people should know of their tables and is no mistake: said once by each runner. */
export class Warnings {
  private isSaid = false;

  constructor(
    private readonly store: Pick<CleanupStore<never>, 'inspect'>,
    private readonly logger: Logger,
  ) {}

  /** @param findings that are no mistakes. */
  async say(findings: readonly SchemaFinding[]): Promise<void> {
    if (this.isSaid) return;
    this.isSaid = true;
    for (const finding of findings) this.logger.warn(inOneLine(finding));
    try {
      const states = await this.store.inspect.diagnosis?.unknownStates({ newest: NEWEST_ROWS });
      for (const state of states ?? []) {
        const { problem, fix } = unknownStateInWords(state);
        this.logger.warn(`${stateOption(state)}: ${problem}. ${fix}.`);
      }
    } catch (error) {
      // Whatever runs next meets it too, and knows better what to do about it.
      this.logger.debug(`The states could not be looked at: ${errorText(error)}`);
    }
  }
}
