import { type Condition, type Link, partsOf, type Table } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import { all, type Filter, Filters } from './filters.js';

type Document = mongo.Document;

/** What lookups put their documents under begins with this. */
const PREFIX = 'jobsweep_';

/** The stages of one pipeline that let documents through that meet a condition, and look up what it asks of others. */
export class Stages {
  private readonly filters: Filters;
  private readonly lookups: Document[] = [];
  private readonly parents = new Map<string, string>();
  private readonly parts: readonly Condition[];

  constructor(
    private readonly collections: Collections,
    private readonly table: Table,
    where: Condition,
  ) {
    this.filters = new Filters(collections, (link, condition, at) => this.exists(link, condition, at));
    this.parts = partsOf(where);
    for (const part of this.parts) if ('exists' in part && part.exists.kind === 'parent') this.parentOf(part.exists);
  }

  /**
   * The stages. Conditions on a document's own fields come first, where an index can help.
   *
   * @param first a filter that comes before all.
   * @param between stages that need none of what is looked up.
   */
  match(first: Filter = {}, between: readonly Document[] = []): Document[] {
    const filterOf = (some: readonly Condition[]) => all(...some.map((part) => this.filters.of(this.table, part)));
    const own = all(first, filterOf(this.parts.filter((part) => !isLinked(part))));
    const linked = filterOf(this.parts.filter(isLinked));
    return [
      ...(Object.keys(own).length > 0 ? [{ $match: own }] : []),
      ...between,
      ...this.lookups,
      ...(Object.keys(linked).length > 0 ? [{ $match: linked }] : []),
    ];
  }

  /**
   * Looks the document up that a link leads to, and tells under which name.
   *
   * @param isRequired whether documents without it are left out, unless another condition has asked for it before.
   */
  parentOf(link: Link, at = '', isRequired = true): string {
    const [[from, to] = ['', '']] = link.on;
    const path = at + from;
    const known = this.parents.get(path);
    if (known !== undefined) return known;
    const as = this.nextName();
    this.parents.set(path, as);
    const lookup = { from: this.nameOf(link.to), localField: path, foreignField: to, as };
    const unwind = { path: `$${as}`, preserveNullAndEmptyArrays: !isRequired };
    this.lookups.push({ $lookup: lookup }, { $unwind: unwind });
    return as;
  }

  private exists(link: Link, where: Condition, at: string): Filter {
    if (link.kind === 'parent') {
      const as = this.parentOf(link, at, false);
      return all({ [as]: { $exists: true } }, this.filters.of(link.to, where, `${as}.`));
    }
    const [[from, to] = ['', '']] = link.on;
    const as = this.nextName();
    const key = String(link.to.key[0]);
    const isOther = [{ $match: { $expr: { $ne: [`$${key}`, '$$self'] } } }];
    this.lookups.push({
      $lookup: {
        from: this.nameOf(link.to),
        localField: at + from,
        foreignField: to,
        ...(link.kind === 'siblings' && { let: { self: `$${at}${key}` } }),
        pipeline: [
          ...(link.kind === 'siblings' ? isOther : []),
          ...new Stages(this.collections, link.to, where).match(),
          { $limit: 1 },
          { $project: { _id: 1 } },
        ],
        as,
      },
    });
    return { [as]: { $ne: [] } };
  }

  private nextName(): string {
    return `${PREFIX}${this.lookups.length}`;
  }

  private nameOf(table: Table): string {
    return this.collections.of(table).collection.collectionName;
  }
}

/** Whether a condition asks something of other documents. */
function isLinked(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(isLinked);
  if ('any' in condition) return condition.any.some(isLinked);
  return 'not' in condition ? isLinked(condition.not) : 'exists' in condition;
}

/** The filter of a condition on a document's own fields. */
export const filterOf = (collections: Collections, table: Table, condition: Condition): Filter =>
  new Filters(collections, ({ to }) => {
    throw new Error(`A filter cannot look into ${to.name}`);
  }).of(table, condition);
