import type { Locked, RelatedQuery, Tx } from '../driver/driver.js';
import type { Labels, Row } from '../driver/row.js';
import type { Link, Table } from '../driver/table.js';

/** Rows that one statement writes, however many hang on a job. */
export const PAGE_ROWS = 5000;
/** Rows that it looks for, where one more tells that there are more than it writes. */
export const PAGE_AND_ONE = PAGE_ROWS + 1;

const OWN = 'own';

/** Labels that tell the user's rows from others in their table; none where all are the user's. */
export const ownLabels = ({ own }: Table): Labels | undefined => own && { [OWN]: [{ when: own, label: OWN }] };

/** Whether a row that was read with `ownLabels` is one of the user's. */
export const isOwn = ({ labels }: Row): boolean => labels?.[OWN] === undefined || labels[OWN] === OWN;

/** From a key of a table to the row that has it. */
export const itself = (table: Table): Link => ({
  to: table,
  on: table.key.map((column) => [column, column]),
  kind: 'children',
});

/** All of some lists of labels; `undefined`: there are none. */
export function labelled(...some: readonly (Labels | undefined)[]): Labels | undefined {
  const given = some.flatMap((labels) => Object.entries(labels ?? {}));
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** Locks the rows that hang on some locked ones, and hands them to `visit` a page at a time. */
export async function eachPage(
  tx: Pick<Tx, 'lockRelated'>,
  query: Omit<RelatedQuery, 'limit' | 'after' | 'order'>,
  visit: (page: Locked) => void | Promise<void>,
): Promise<void> {
  if (query.parents.length === 0) return;
  let page: Locked | undefined;
  do {
    page = await tx.lockRelated({ ...query, order: 'parentAndKey', after: page?.rows.at(-1), limit: PAGE_ROWS });
    await visit(page);
  } while (page.rows.length === PAGE_ROWS);
}
