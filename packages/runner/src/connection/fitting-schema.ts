import {
  type CleanupStore,
  type CleanupStrategy,
  JobsweepError,
  type Locale,
  mistakeInWords,
  type SchemaFinding,
} from '@jobsweep/core';
import { closestWord } from '../words/suggest.js';

/** The mapping does not fit the tables: `SCHEMA_MISMATCH` with all that is wrong. */
export class SchemaMismatch extends JobsweepError {
  constructor(readonly findings: readonly SchemaFinding[]) {
    const list = findings.map((finding) => `\n- ${inOneLine(finding)}`);
    super('SCHEMA_MISMATCH', `The mapping does not fit the tables:${list.join('')}`);
  }
}

/** Throws `SchemaMismatch` with all that keeps any of some strategies from working. */
export function requireFitting(findings: readonly SchemaFinding[], strategies: readonly Ruled[]): void {
  const mistakes = findings.filter((finding) => severityFor(finding, strategies) === 'error');
  if (mistakes.length > 0) throw new SchemaMismatch(mistakes);
}

/** Asks for the findings, and throws as above. */
export async function requireFittingSchema<Session>(
  { inspect }: Pick<CleanupStore<Session>, 'inspect'>,
  strategies: readonly Ruled[],
  signal?: AbortSignal,
): Promise<void> {
  requireFitting(await inspect.schema({ signal }), strategies);
}

/** What a strategy goes by, where it is one of jobsweep's own. */
type Ruled = { readonly rule?: CleanupStrategy<never>['rule'] | undefined };

/** How much a finding is to strategies that are to work: what is wrong for others alone is no more than to be known. */
export function severityFor(
  { severity = 'error', strategies: about }: SchemaFinding,
  strategies: readonly Ruled[],
): 'error' | 'warning' {
  const isAbout = ({ rule }: Ruled) => rule !== undefined && about?.includes(rule.name);
  return about === undefined || strategies.some(isAbout) ? severity : 'warning';
}

/** Where the options of the store are: in code nowhere else, in the command's config under `store`. */
export interface Told {
  readonly root?: 'store.' | '';
  readonly locale?: Locale;
}

/** The same as a line of a message or of the log. */
export function inOneLine(finding: SchemaFinding): string {
  const { option, problem, fix } = findingInWords(finding);
  return `${option}: ${problem}. ${fix}${fix.endsWith('?') ? '' : '.'}`;
}

/** A finding as whoever is told writes the option, with the name that was probably meant. */
export function findingInWords({ path, problem, fix, mistake }: SchemaFinding, { root = '', locale }: Told = {}) {
  const option = `${root}${path}`;
  if (mistake === undefined) return { option, problem, fix };
  return { option, ...mistakeInWords(mistake, { option, meant: meantBy(mistake) }, locale) };
}

function meantBy(mistake: NonNullable<SchemaFinding['mistake']>): string | undefined {
  if (mistake.kind === 'missing') return closestWord(mistake.name, mistake.existing);
  return mistake.kind === 'column' ? closestWord(mistake.column, mistake.existing) : undefined;
}
