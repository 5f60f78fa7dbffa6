import { HAND, type Result, ratiosOf, valuesOf, WITHOUT_ARCHIVE, WITHOUT_CHANGES } from './result.js';
import { type Interval, medianInterval } from './statistics.js';

/** A number that jobsweep has to reach, and what was measured of it. */
interface Bound {
  readonly what: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What the results say of it: of whom, and the values of the rounds. */
  readonly measured: (results: readonly Result[]) => readonly Measured[];
}

interface Measured {
  readonly of: string;
  readonly values: readonly number[];
}

/** Whether a bound is reached: by the end of the interval that is the worse one. */
export interface Verdict {
  readonly what: string;
  readonly of: string;
  readonly interval: Interval;
  readonly limit: string;
  readonly holds: boolean;
}

const ADAPTERS = ['knex', 'typeorm', 'mongoose'];
const MASS = ['purge', 'release', 'stale', 'fail'];

/** `get` of each result of these workloads, for each adapter that took part. */
const each =
  (workloads: readonly string[], get: (result: Result, adapter: string, all: readonly Result[]) => number[]) =>
  (results: readonly Result[]): Measured[] =>
    results
      .filter(({ workload }) => workloads.includes(workload))
      .flatMap((result) =>
        ADAPTERS.map((adapter) => ({ of: nameOf(result, adapter), values: get(result, adapter, results) })),
      )
      .filter(({ values }) => values.length > 0);

const nameOf = ({ workload, engine, rows }: Result, who: string) =>
  `${workload} of ${rows.toLocaleString('en')} on ${engine}, ${who}`;

/** The values of the smallest result of the same kind; none of itself. Its rounds went with these. */
function smallest(result: Result, all: readonly Result[]): Result | undefined {
  const alike = all.filter(({ workload, engine }) => workload === result.workload && engine === result.engine);
  const found = alike.reduce((one, other) => (other.rows < one.rows ? other : one), result);
  return found.rows < result.rows ? found : undefined;
}

const quotients = (above: readonly number[], below: readonly number[] = []): number[] =>
  above.slice(0, below.length).map((value, round) => value / (below[round] ?? Number.NaN));

const IDLE = ['idle', 'idle-live'];

/** Section by section what `--check` looks at. */
const BOUNDS: readonly Bound[] = [
  {
    what: 'of the limit',
    atLeast: 0.9,
    measured: each(MASS, (result, adapter) => ratiosOf(result, HAND, adapter)),
  },
  {
    what: 'times row by row',
    atLeast: 10,
    measured: each(MASS, (result, adapter) => ratiosOf(result, `${adapter} row by row`, adapter)),
  },
  {
    what: 'of what it is of the limit at the smallest size',
    atLeast: 0.9,
    measured: each(['drain'], (result, adapter, all) => {
      const small = smallest(result, all);
      return small === undefined ? [] : quotients(ratiosOf(result, HAND, adapter), ratiosOf(small, HAND, adapter));
    }),
  },
  {
    what: 'times pt-archiver --bulk-delete',
    atLeast: 1,
    measured: each(['archiver'], (result, adapter) => ratiosOf(result, 'pt-archiver --bulk-delete', adapter)),
  },
  {
    what: 'times the bare probes',
    atMost: 3,
    measured: each(IDLE, (result, adapter) => ratiosOf(result, adapter, HAND)),
  },
  {
    what: 'times what it is at the smallest size',
    atMost: 2,
    measured: each(IDLE, (result, adapter, all) => {
      const small = smallest(result, all);
      return small === undefined ? [] : quotients(valuesOf(result, adapter), valuesOf(small, adapter));
    }),
  },
  {
    what: 'MiB over the bare process',
    atMost: 32,
    measured: each(['memory', 'memory-1mb'], (result, adapter) => valuesOf(result, adapter)),
  },
  {
    what: 'times the p99 of the foreground alone',
    atMost: 1.5,
    measured: each(['foreground'], (result, adapter) => ratiosOf(result, adapter, 'alone')),
  },
  {
    what: 'of what it is without changes kept',
    atLeast: 0.8,
    measured: each(['release with changes', 'fail with changes'], (result, adapter) =>
      ratiosOf(result, `${adapter} ${WITHOUT_CHANGES}`, adapter),
    ),
  },
  {
    what: 'of what it is without an archive',
    atLeast: 0.5,
    measured: each(['archive'], (result, adapter) => ratiosOf(result, `${adapter} ${WITHOUT_ARCHIVE}`, adapter)),
  },
  {
    what: 's until a leak is healed, p99',
    atMost: 6,
    measured: each(['heal'], (result, adapter) => valuesOf(result, adapter)),
  },
];

export const verdicts = (results: readonly Result[]): Verdict[] =>
  BOUNDS.flatMap(({ what, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY, measured }) =>
    measured(results).map(({ of, values }) => {
      const interval = medianInterval(values);
      const limit = atMost === Number.POSITIVE_INFINITY ? `>= ${atLeast}` : `<= ${atMost}`;
      return { what, of, interval, limit, holds: interval.low >= atLeast && interval.high <= atMost };
    }),
  );
