import { keyText, type RelatedQuery, type Row, type Table } from '@jobsweep/core';
import type { Collections } from '../mapping/collections.js';
import type { OpenSession } from '../session/open-session.js';
import { exactText } from '../values/bson.js';
import { rawIn } from '../values/mongo-values.js';
import { chunksOf } from './chunks.js';
import { all, among, type Filter } from './filters.js';
import { ascending, idPlace, isAfter } from './order.js';
import { keyPlaces } from './pages.js';
import { projection, type RawRow, toRow } from './rows.js';
import { Stages } from './stages.js';

/**
 * A page of the documents that hang on others. Their order is that of the server among what one command names, and that of
 * the parents beyond it.
 */
export async function relatedRows(session: OpenSession, collections: Collections, query: RelatedQuery): Promise<Row[]> {
  const { link, parents, where, order, after, limit } = query;
  const { bson } = collections;
  const { to: table } = link;
  const field = fieldOf(query);
  const project = { $project: { _id: 0, ...projection(collections, table, query) } };
  const chunks = chunksOf(parents);
  const last = after && keyText([after.columns[field] ?? null]);
  const begin = last === undefined ? 0 : chunks.findIndex((chunk) => chunk.some((key) => keyText(key) === last));
  const rows: Row[] = [];
  for (const [index, chunk] of chunks.entries()) {
    if (index < begin || rows.length === limit) continue;
    const later = after && index === begin ? isAfterRow(collections, table, field, after) : {};
    const stages = new Stages(collections, table, where).match(all(among(collections, [field], chunk), later));
    const sort = { $sort: ascending(field, ...(order === 'parent' ? [] : table.key)) };
    const page = [...stages, sort, { $limit: limit - rows.length }, project];
    const found = await session.rows<RawRow>(collections.of(table).collection, page);
    for (const raw of found) rows.push(toRow(bson, table, query, raw));
  }
  return rows;
}

/** How many documents hang on each of some others, by the text of its key. */
export async function countRelated(
  session: OpenSession,
  collections: Collections,
  query: Pick<RelatedQuery, 'link' | 'parents' | 'where'>,
): Promise<ReadonlyMap<string, number>> {
  const { to: table } = query.link;
  const field = fieldOf(query);
  const counts = new Map<string, number>();
  for (const chunk of chunksOf(query.parents)) {
    const stages = new Stages(collections, table, query.where).match(among(collections, [field], chunk));
    const groups = [...stages, { $group: { _id: `$${field}`, rows: { $sum: 1 } } }];
    const found = await session.rows<{ readonly _id: unknown; readonly rows: number }>(
      collections.of(table).collection,
      groups,
    );
    for (const { _id, rows } of found) counts.set(keyText([exactText(collections.bson, _id)]), rows);
  }
  return counts;
}

/** The field that leads to the parent. */
const fieldOf = ({ link }: Pick<RelatedQuery, 'link'>): string => String(link.on[0]?.[1]);

function isAfterRow(collections: Collections, table: Table, field: string, { key, columns }: Row): Filter {
  const parent = idPlace(field, rawIn(collections.bson, table, field, columns[field] ?? null), false);
  return isAfter(parent, ...keyPlaces(collections, table, key));
}
