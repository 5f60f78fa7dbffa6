/** What became of one thing that is right. */
export interface Outcome {
  readonly right: string;
  /** Why it does not hold; `undefined`: it holds. */
  readonly problem?: string | undefined;
  readonly waitsFor?: string | undefined;
}

/** `ahead`: it holds, although it is marked as waiting. */
export type Verdict = 'right' | 'not yet' | 'wrong' | 'ahead';

function verdictOn({ problem, waitsFor }: Outcome): Verdict {
  if (problem === undefined) return waitsFor === undefined ? 'right' : 'ahead';
  return waitsFor === undefined ? 'wrong' : 'not yet';
}

const WORST_FIRST = ['wrong', 'ahead', 'not yet'] as const satisfies readonly Verdict[];

/** A case is right when all of it is. */
export function verdictOnAll(outcomes: readonly Outcome[]): Verdict {
  const verdicts = outcomes.map(verdictOn);
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'right';
}

/** What a person has to know of an outcome, or `undefined` of one that is right. */
export function remarkOn(outcome: Outcome): string | undefined {
  const { right, problem, waitsFor } = outcome;
  switch (verdictOn(outcome)) {
    case 'right':
      return undefined;
    case 'ahead':
      return `${right}: holds, so that its mark can go (waits for ${waitsFor})`;
    case 'not yet':
      return `${right}: waits for ${waitsFor}`;
    case 'wrong':
      return `${right}: ${problem}`;
  }
}
