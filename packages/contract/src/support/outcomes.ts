import type { WriteOptions, WriteOutcome } from '@jobsweep/core';
import { idsOf } from './rows.js';

type Ids = { [List in keyof WriteOutcome<unknown>]: string[] };

/** Write options that note the outcome, as ids: every call is one element. */
export function recordOutcomes<Row extends { readonly id: string }>(): Required<
  Pick<WriteOptions<Row>, 'onOutcome'>
> & { readonly outcomes: Ids[] } {
  const outcomes: Ids[] = [];
  return {
    outcomes,
    onOutcome: ({ changed, contended, holding = [] }) => {
      const ids = { changed: idsOf(changed), contended: idsOf(contended) };
      outcomes.push(holding.length === 0 ? ids : { ...ids, holding: idsOf(holding) });
    },
  };
}

/** The same row as somebody would make it by hand: without a version. */
export function handMade<Row extends { readonly version?: unknown }>({ version: _version, ...row }: Row) {
  return row;
}
