import {
  type Abilities,
  type Assignments,
  allOf,
  type Condition,
  type Copy,
  type Counted,
  type CountQuery,
  EVERY,
  type Exact,
  type Key,
  type Link,
  type Locked,
  type Query,
  type RelatedQuery,
  type Row,
  type RowTexts,
  type Selection,
  type Summed,
  type SumQuery,
  type Table,
  type Taking,
  type Tx,
  toMicros,
  type Update,
} from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import type { OpenSession } from '../session/open-session.js';
import { exactIn } from '../values/mongo-values.js';
import { chunksOf } from './chunks.js';
import { timeOrNull } from './expressions.js';
import { all, among } from './filters.js';
import { pageRow, pageStages } from './pages.js';
import { countRelated, relatedRows } from './related.js';
import { projection, type RawRow, toRow } from './rows.js';
import { apartFromSiblings, withoutSiblings } from './siblings.js';
import { documentOf, nextId, SingleDocuments } from './single-rows.js';
import { filterOf, Stages } from './stages.js';
import { isSince, type RawGroup, sumStages, toSummed } from './sums.js';
import { asWritten, Writes } from './writes.js';

/** Rows that a page brings at least where some of them may be left out again. */
const CANDIDATES = 500;

/** An open transaction, or a session without one, as the protocol uses it. A lock is no more than a look. */
export class MongoTx implements Tx {
  readonly abilities: Abilities;

  constructor(
    private readonly session: OpenSession,
    private readonly collections: Collections,
    fence: string | null,
    readonly now: bigint,
  ) {
    this.abilities = { lock: 'atCommit', fence, atomic: session.atomic };
  }

  async page(query: Query): Promise<Row[]> {
    const { rest, none } = apartFromSiblings(query.where);
    if (none.length === 0) return this.pageOf(query);
    const { orderBy, limit } = query;
    const needed = [...(orderBy === undefined ? [] : [orderBy]), ...none.map(({ link }) => String(link.on[0]?.[0]))];
    const columns = [...new Set([...query.columns, ...needed])];
    const wanted = Math.max(limit, CANDIDATES);
    const found: Row[] = [];
    for (let { after } = query; ; ) {
      const candidates = await this.pageOf({ ...query, where: rest, columns, after, limit: wanted });
      let kept: readonly Row[] = candidates;
      for (const siblings of none) kept = await withoutSiblings(this.session, this.collections, kept, siblings);
      found.push(...kept);
      const last = candidates.at(-1);
      if (last === undefined || candidates.length < wanted || found.length >= limit) return found.slice(0, limit);
      after = { key: last.key, ...(orderBy !== undefined && { time: last.columns[orderBy] ?? null }) };
    }
  }

  async count(...queries: readonly CountQuery[]): Promise<Counted[]> {
    const counted: Counted[] = [];
    for (const query of queries) counted.push(await this.countOf(query));
    return counted;
  }

  async sums(query: SumQuery): Promise<Summed[]> {
    const { table, where } = query;
    const stages = [...new Stages(this.collections, table, where).match(isSince(query)), ...sumStages(query)];
    const groups = await this.read<RawGroup>(table, stages);
    return groups.map((group) => toSummed(this.collections.bson, query, group));
  }

  async lock(table: Table, keys: readonly Key[], selection: Selection, where: Condition): Promise<Locked> {
    const { bson } = this.collections;
    const project = { $project: { _id: 0, ...projection(this.collections, table, selection) } };
    const rows: Row[] = [];
    for (const chunk of chunksOf(keys)) {
      const keyed = among(this.collections, table.key, chunk);
      const stages = new Stages(this.collections, table, where).match(keyed);
      for (const raw of await this.read<RawRow>(table, [...stages, project]))
        rows.push(toRow(bson, table, selection, raw));
    }
    return { rows, held: [] };
  }

  related(query: RelatedQuery): Promise<Row[]> {
    return relatedRows(this.session, this.collections, query);
  }

  async lockRelated(query: RelatedQuery): Promise<Locked> {
    return { rows: await this.related(query), held: [] };
  }

  countRelated(link: Link, parents: readonly Key[], where: Condition): Promise<ReadonlyMap<string, number>> {
    return countRelated(this.session, this.collections, { link, parents, where });
  }

  async update(table: Table, update: Update): Promise<Row[]> {
    const { columns, guard, set } = update;
    const changed = await new Writes(this.session, this.collections, table, guard).update(update.rows, set);
    const known = asWritten(this.collections, table, changed, update);
    if (known !== undefined) return known;
    const keys = changed.map(({ key }) => key);
    return [...(await this.lock(table, keys, { columns }, EVERY)).rows];
  }

  async remove(table: Table, rows: readonly Row[], guard: Condition): Promise<Key[]> {
    const gone = await new Writes(this.session, this.collections, table, guard).remove(rows);
    return gone.map(({ key }) => key);
  }

  /** Whole documents, which have the shape that they have. */
  async copy({ from, to, keys, where }: Copy): Promise<number> {
    const { bson } = this.collections;
    const [source, target] = [this.collections.of(from).collection, this.collections.of(to).collection];
    const filter = filterOf(this.collections, from, where);
    let copied = 0;
    for (const chunk of chunksOf(keys)) {
      const meant = all(among(this.collections, from.key, chunk), filter);
      copied += await this.session.copy(source, meant, target, bson.calculateObjectSize);
    }
    return copied;
  }

  insert(table: Table, row: Assignments): Promise<void> {
    return this.one(table).insert(row);
  }

  async insertAll(table: Table, same: Assignments, each: readonly RowTexts[]): Promise<void> {
    const { bson } = this.collections;
    const { serverTime } = this.session;
    const [id = ''] = table.key;
    const shared = documentOf(bson, table, same, serverTime);
    for (const chunk of chunksOf(each)) {
      const isKeyed = chunk.every((texts) => id in texts);
      const documents = chunk.map((texts) => ({
        ...(!isKeyed && { [id]: nextId(bson, serverTime) }),
        ...shared,
        ...texts,
      }));
      await this.session.insert(this.collections.of(table).collection, documents);
    }
  }

  take(table: Table, key: Key, taking: Taking): Promise<Row | undefined> {
    return this.one(table).take(key, taking);
  }

  hold(table: Table, key: Key, columns: readonly string[], where: Condition): Promise<Row | undefined> {
    return this.one(table).hold(key, columns, where);
  }

  change(table: Table, key: Key, where: Condition, set: Assignments): Promise<boolean> {
    return this.one(table).change(key, where, set);
  }

  private one(table: Table): SingleDocuments {
    return new SingleDocuments(this.session, this.collections, table);
  }

  private async countOf(query: CountQuery): Promise<Counted> {
    const { table, where, atMost, earliest } = query;
    if (apartFromSiblings(where).none.length > 0) return this.countPages(query);
    const stages = new Stages(this.collections, table, where);
    const up = earliest?.parent;
    const at = up === undefined ? '' : `${stages.parentOf(up, '', false)}.`;
    const timeTable = up?.to ?? table;
    const pipeline = [
      ...stages.match(),
      ...(atMost === undefined ? [] : [{ $limit: atMost }]),
      {
        $group: {
          _id: null,
          rows: { $sum: 1 },
          ...(earliest && { first: { $min: timeOrNull(timeTable, earliest.time, at) } }),
        },
      },
    ];
    const [counted] = await this.read<{ readonly rows: number; readonly first?: unknown }>(table, pipeline);
    const rows = counted?.rows ?? 0;
    if (earliest === undefined) return { rows, earliest: null };
    // Of rows that were not counted, one may be earlier.
    if (up === undefined && rows === atMost) return { rows, earliest: await this.earliestOf(query, earliest.time) };
    const first = exactIn(this.collections.bson, timeTable, earliest.time, counted?.first);
    return { rows, earliest: microsIn(timeTable, earliest.time, first) };
  }

  /** Page by page, as they are read: conditions on siblings are none of a pipeline. The earliest time is one of their own. */
  private async countPages({
    table,
    where,
    atMost = Number.POSITIVE_INFINITY,
    earliest,
  }: CountQuery): Promise<Counted> {
    const orderBy = earliest?.time;
    const columns = orderBy === undefined ? [] : [orderBy];
    let rows = 0;
    let first: bigint | null = null;
    for (let after: Query['after']; ; ) {
      const limit = Math.min(CANDIDATES, atMost - rows);
      const page = await this.page({ table, where, columns, orderBy, after, limit });
      rows += page.length;
      for (const row of page)
        if (orderBy !== undefined) first ??= microsIn(table, orderBy, row.columns[orderBy] ?? null);
      const last = page.at(-1);
      if (last === undefined || page.length < limit || rows === atMost) return { rows, earliest: first };
      after = { key: last.key, ...(orderBy !== undefined && { time: last.columns[orderBy] ?? null }) };
    }
  }

  private async earliestOf({ table, where }: CountQuery, time: string): Promise<bigint | null> {
    const dated = allOf(where, { time, isSet: true });
    const [row] = await this.page({ table, where: dated, columns: [time], orderBy: time, limit: 1 });
    return microsIn(table, time, row?.columns[time] ?? null);
  }

  private async pageOf(query: Query): Promise<Row[]> {
    const raw = await this.read<RawRow>(query.table, pageStages(this.collections, query));
    return raw.map((each) => pageRow(this.collections, query, each));
  }

  private read<Out>(table: Table, pipeline: readonly mongo.Document[]): Promise<Out[]> {
    return this.session.rows<Out>(this.collections.of(table).collection, pipeline);
  }
}

/** An exact time in microseconds since 1970; `null` while it is not set. */
function microsIn({ times }: Table, column: string, exact: Exact): bigint | null {
  const time = times.get(column);
  return time === undefined ? null : toMicros(exact, time);
}
