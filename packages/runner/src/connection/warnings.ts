import { type CleanupStore, errorText, type Logger, type SchemaFinding } from '@jobsweep/core';
import { stateOption, unknownStateInWords } from '../doctor/unknown-state.js';
import { inOneLine, type Told } from './fitting-schema.js';

/** Rows of each table whose states are looked at: a few milliseconds, however large the table is. */
const NEWEST_ROWS = 1000;

/**
 * What people should know of their tables and is no mistake, in lines.
 *
 * @param findings that are no mistakes.
 * @param logger is told why the states could not be looked at: whatever runs next meets it too, and knows better what to do.
 */
export async function tableWarnings(
  { inspect }: Pick<CleanupStore<never>, 'inspect'>,
  findings: readonly SchemaFinding[],
  logger: Pick<Logger, 'debug'>,
  { signal, ...told }: Told & { readonly signal?: AbortSignal } = {},
): Promise<string[]> {
  const lines = findings.map((finding) => inOneLine(finding, told));
  try {
    const states = (await inspect.diagnosis?.unknownStates({ newest: NEWEST_ROWS, signal })) ?? [];
    for (const state of states) {
      const { problem, fix } = unknownStateInWords(state, told);
      lines.push(`${stateOption(state, told)}: ${problem}. ${fix}.`);
    }
  } catch (error) {
    logger.debug(`The states could not be looked at: ${errorText(error)}`);
  }
  return lines;
}

/** The same in the log, once by each runner. */
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
    for (const line of await tableWarnings(this.store, findings, this.logger)) this.logger.warn(line);
  }
}
