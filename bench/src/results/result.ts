import type { EngineName } from '@jobsweep/test-engines';

/** What each contender took in one round, by its name. What is in one round belongs together. */
export type Round = Readonly<Record<string, number>>;

/** What was measured of one workload, of so many rows. Less is better, but of rates. */
export interface Finding {
  readonly workload: string;
  readonly rows: number;
  readonly unit: string;
  readonly rounds: readonly Round[];
}

export interface Result extends Finding {
  readonly engine: EngineName;
  /** The server's version, as it says it. */
  readonly server: string;
}

/** Where it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
}

/** What `--json` keeps. */
export interface Results {
  readonly machine: Machine;
  readonly at: string;
  readonly results: readonly Result[];
}

/** The name of whoever works by hand, with the protocol: the limit. */
export const HAND = 'by hand';

/** What is behind the name of an adapter that keeps no changes. */
export const WITHOUT_CHANGES = 'without changes';

/** What is behind the name of an adapter that keeps no deleted rows. */
export const WITHOUT_ARCHIVE = 'without an archive';

/** The values of a contender. */
export const valuesOf = ({ rounds }: Finding, who: string): number[] =>
  rounds.flatMap((round) => (round[who] === undefined ? [] : [round[who]]));

/** Of each round in which both took part, the one over the other. */
export const ratiosOf = ({ rounds }: Finding, above: string, below: string): number[] =>
  rounds.flatMap((round) => {
    const [one, other] = [round[above], round[below]];
    return one === undefined || other === undefined ? [] : [one / other];
  });

/** All who took part, in the order in which they came. */
export const whoIn = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.flatMap(({ rounds }) => rounds.flatMap((round) => Object.keys(round)))),
];
