import { allOf, type Condition, type Link, partsOf, type Row } from '@jobsweep/core';
import type { Collections } from '../mapping/collections.js';
import type { OpenSession } from '../session/open-session.js';
import { exactText } from '../values/bson.js';
import { rawIn } from '../values/mongo-values.js';
import { chunksOf } from './chunks.js';
import { Stages } from './stages.js';

/** A condition that no sibling of a row may meet. */
export interface Siblings {
  readonly link: Link;
  readonly where: Condition;
}

/**
 * Takes what is asked of siblings out of a condition. A lookup would go through the siblings of each row, and so through all
 * that one job holds as often as it holds something; apart from the page each job is looked at once.
 */
export function apartFromSiblings(condition: Condition): {
  readonly rest: Condition;
  readonly none: readonly Siblings[];
} {
  const parts = partsOf(condition);
  const siblingsIn = (part: Condition): Siblings[] =>
    'not' in part && 'exists' in part.not && part.not.exists.kind === 'siblings' && part.not.newer === undefined
      ? [{ link: part.not.exists, where: part.not.where }]
      : [];
  return {
    rest: allOf(...parts.filter((part) => siblingsIn(part).length === 0)),
    none: parts.flatMap(siblingsIn),
  };
}

/** The rows of which no sibling meets a condition; the column of the link is one of theirs. */
export async function withoutSiblings(
  session: OpenSession,
  collections: Collections,
  rows: readonly Row[],
  { link, where }: Siblings,
): Promise<readonly Row[]> {
  const { bson } = collections;
  const { to: table } = link;
  const [[from, to] = ['', '']] = link.on;
  const id = `$${table.key[0]}`;
  const shared = [...new Set(rows.flatMap(({ columns }) => columns[from] ?? []))];
  const found = new Map<string | null, readonly (string | null)[]>();
  for (const chunk of chunksOf(shared)) {
    const among = { [to]: { $in: chunk.map((exact) => rawIn(bson, table, to, exact)) } };
    const stages = new Stages(collections, table, where).match(among);
    const byParent = { $group: { _id: `$${to}`, first: { $min: id }, last: { $max: id } } };
    const groups = await session.rows<Group>(collections.of(table).collection, [...stages, byParent]);
    for (const { _id, first, last } of groups)
      found.set(exactText(bson, _id), [exactText(bson, first), exactText(bson, last)]);
  }
  // The first and the last of them are the row itself just when there is no other.
  return rows.filter(({ key, columns }) => (found.get(columns[from] ?? null) ?? []).every((other) => other === key[0]));
}

interface Group {
  readonly _id: unknown;
  readonly first: unknown;
  readonly last: unknown;
}
