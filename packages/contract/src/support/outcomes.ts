import type { WriteOptions, WriteOutcome } from '@jobsweep/core';
import { idsOf } from './rows.js';

type Ids = Record<keyof WriteOutcome<unknown>, string[]>;

/** Write options that note the outcome, as ids: every call is one element. */
export function recordOutcomes<Row extends { readonly id: string }>(): Required<
  Pick<WriteOptions<Row>, 'onOutcome'>
> & { readonly outcomes: Ids[] } {
  const outcomes: Ids[] = [];
  return {
    outcomes,
    onOutcome: ({ changed, contended }) => {
      outcomes.push({ changed: idsOf(changed), contended: idsOf(contended) });
    },
  };
}

/** The same row as somebody would make it by hand: without a version. */
export function handMade<Row extends { readonly version?: unknown }>({ version: _version, ...row }: Row) {
  return row;
}
