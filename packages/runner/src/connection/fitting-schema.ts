import { type CleanupStore, JobsweepError, type Locale, mistakeInWords, type SchemaFinding } from '@jobsweep/core';
import { closestWord } from '../words/suggest.js';

/** The mapping does not fit the tables: `SCHEMA_MISMATCH` with all that is wrong. */
export class SchemaMismatch extends JobsweepError {
  constructor(readonly findings: readonly SchemaFinding[]) {
    const list = findings.map((finding) => {
      const { option, problem, fix } = findingInWords(finding);
      return `\n- ${option}: ${problem}. ${fix}${fix.endsWith('?') ? '' : '.'}`;
    });
    super('SCHEMA_MISMATCH', `The mapping does not fit the tables:${list.join('')}`);
  }
}

/** Throws `SchemaMismatch` with all that does not fit between the mapping and the tables. */
export async function requireFittingSchema<Session>(
  { inspect }: Pick<CleanupStore<Session>, 'inspect'>,
  signal?: AbortSignal,
): Promise<void> {
  const findings = await inspect.schema({ signal });
  if (findings.length > 0) throw new SchemaMismatch(findings);
}

/** Where the options of the store are: in code nowhere else, in the command's config under `store`. */
export interface Told {
  readonly root?: 'store.' | '';
  readonly locale?: Locale;
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
