import {
  type CleanupStore,
  type CleanupStrategy,
  JobsweepError,
  type Locale,
  mistakeInWords,
  type Rule,
  type SchemaFinding,
  STRATEGY_NAMES,
} from '@jobsweep/core';
import type { MultiWriter } from '../options.js';
import { closestWord } from '../words/suggest.js';

/** What keeps a runner from its work: each with a fix, all at once. */
export class Unfit extends JobsweepError {
  constructor(
    readonly of: 'engine' | 'mapping',
    readonly findings: readonly SchemaFinding[],
  ) {
    const [code, what] = UNFIT[of];
    super(code, `${what}:${findings.map((finding) => `\n- ${inOneLine(finding)}`).join('')}`);
  }
}

const UNFIT = {
  engine: ['ENGINE_UNSUPPORTED', 'Nothing can be written here without harm'],
  mapping: ['SCHEMA_MISMATCH', 'The mapping does not fit the tables'],
} as const;

/** What a runner is about to do. */
export interface Intended {
  readonly taking: readonly Ruled[];
  /** Whether people say that all writes go through one of several nodes that take them. */
  readonly multiWriter: MultiWriter;
}

/** What a strategy goes by, where it is one of jobsweep's own. */
export type Ruled = { readonly rule?: CleanupStrategy<never>['rule'] | undefined };

/** What the tables have to have for strategies besides what is mapped. */
export const rulesOf = (strategies: readonly Ruled[]): Rule[] => strategies.flatMap(({ rule }) => rule ?? []);

/** Throws `ENGINE_UNSUPPORTED` or `SCHEMA_MISMATCH` with all that keeps a runner from what it is about to do, and not one strategy alone. */
export function requireFitting(findings: readonly SchemaFinding[], intended: Intended): void {
  const mistakes = findings.filter((finding) => severityFor(finding, intended) === 'error' && !isOfArchive(finding));
  const ofEngine = mistakes.filter(isOfEngine);
  if (ofEngine.length > 0) throw new Unfit('engine', ofEngine);
  if (mistakes.length > 0) throw new Unfit('mapping', mistakes);
}

/** Asks for the findings, and throws as above; those that are left keep no runner from its work. */
export async function requireFittingSchema<Session>(
  { inspect }: Pick<CleanupStore<Session>, 'inspect'>,
  intended: Intended,
  signal?: AbortSignal,
): Promise<readonly SchemaFinding[]> {
  const findings = await inspect.schema({ rules: rulesOf(intended.taking), signal });
  requireFitting(findings, intended);
  return findings;
}

/** How much a finding is to a runner: what is wrong for other strategies alone is no more than to be known. */
export function severityFor(finding: SchemaFinding, { taking, multiWriter }: Intended): 'error' | 'warning' {
  const { severity = 'error', strategies: about, mistake } = finding;
  if (mistake?.kind === 'writers' && multiWriter === 'accepted') return 'warning';
  const isAbout = ({ rule }: Ruled) => rule !== undefined && about?.includes(rule.name);
  return about === undefined || taking.some(isAbout) ? severity : 'warning';
}

/** Whether it is about the server, or how it keeps tables, rather than about what they are called. */
export const isOfEngine = ({ mistake }: SchemaFinding): boolean =>
  mistake?.kind === 'storage' || mistake?.kind === 'writers';

/** Where the options of the store are: in code nowhere else, in the command's config under `store`. */
export interface Told {
  readonly root?: 'store.' | '';
  readonly locale?: Locale;
}

/** Whether it keeps a strategy from its work by itself, batch by batch: the others go on, and so does that one once it is put right. */
const isOfArchive = ({ mistake }: SchemaFinding): boolean => mistake?.kind === 'archive' || mistake?.kind === 'cascade';

/** The same as a line of a message or of the log. */
export function inOneLine(finding: SchemaFinding, told: Told = {}): string {
  const { option, problem, fix } = findingInWords(finding, told);
  return `${option}: ${problem}. ${fix}${fix.endsWith('?') ? '' : '.'}`;
}

/** A finding as whoever is told writes the option, with the name that was probably meant. */
export function findingInWords({ path, problem, fix, mistake }: SchemaFinding, { root = '', locale }: Told = {}) {
  const option = `${root === '' ? '' : partOfConfig(path)}${path}`;
  if (mistake === undefined) return { option, problem, fix };
  return { option, ...mistakeInWords(mistake, { option, meant: meantBy(mistake) }, locale) };
}

/** What stands in the command's config before an option that is named as in code. */
function partOfConfig(path: string): 'runner.' | 'store.' | 'strategies.' {
  if (path === 'multiWriter') return 'runner.';
  const [first = ''] = path.split('.');
  return (STRATEGY_NAMES as readonly string[]).includes(first) ? 'strategies.' : 'store.';
}

function meantBy(mistake: NonNullable<SchemaFinding['mistake']>): string | undefined {
  if (mistake.kind === 'missing') return closestWord(mistake.name, mistake.existing);
  return mistake.kind === 'column' ? closestWord(mistake.column, mistake.existing) : undefined;
}
