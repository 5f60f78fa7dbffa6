import { type Condition, type Link, type Newer, partsOf, type Table } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { Collections } from '../mapping/collections.js';
import { all, type Filter, Filters, type Linked } from './filters.js';

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
    this.filters = new Filters(collections, (condition, at) => this.exists(condition, at));
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

  private exists({ exists: link, where, newer }: Linked, at: string): Filter {
    if (link.kind === 'parent') {
      const as = this.parentOf(link, at, false);
      return all({ [as]: { $exists: true } }, this.filters.of(link.to, where, `${as}.`));
    }
    const [pair] = link.on;
    const as = this.nextName();
    const [key = ''] = link.to.key;
    const isOther = newer === undefined ? { $ne: [`$${key}`, '$$self'] } : isNewer(link, newer);
    const self = link.to.key.map((field, index) => [selfAt(index), `$${at}${field}`] as const);
    const group = pair === undefined ? {} : { group: `$${at}${pair[0]}` };
    const own: Document = {
      ...Object.fromEntries<string>(self),
      ...(newer && { ...group, time: `$${at}${newer.time}` }),
    };
    this.lookups.push({
      $lookup: {
        from: this.nameOf(link.to),
        ...(pair !== undefined && { localField: at + pair[0], foreignField: pair[1] }),
        ...(link.kind === 'siblings' && { let: own }),
        pipeline: [
          ...(link.kind === 'siblings' ? [{ $match: { $expr: isOther } }] : []),
          ...new Stages(this.collections, link.to, where).match(),
          ...(newer === undefined ? [] : [{ $skip: newer.count - 1 }]),
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

/** What a pipeline calls a field of the key of the document that looks others up. */
const selfAt = (index: number): string => (index === 0 ? 'self' : `self${index}`);

/** Whether a document comes after the one that looks it up, in the order of a time and then of the key. */
function isNewer({ to: { key }, on }: Link, { time }: Newer): Document {
  const [path, last] = [`$${time}`, key.length];
  const isBeyond = (index: number): Document => {
    const [field, own] = [`$${key[index]}`, `$$${selfAt(index)}`];
    const isGreater = { $gt: [field, own] };
    return index === last - 1
      ? isGreater
      : { $or: [isGreater, { $and: [{ $eq: [field, own] }, isBeyond(index + 1)] }] };
  };
  return {
    $and: [
      // To the server every value comes after what is none, and nothing is what nothing else is.
      { $gt: ['$$time', null] },
      ...(on.length === 0 ? [] : [{ $gt: ['$$group', null] }]),
      { $gte: [path, '$$time'] },
      { $or: [{ $gt: [path, '$$time'] }, { $and: [{ $eq: [path, '$$time'] }, isBeyond(0)] }] },
    ],
  };
}

/** Whether a condition asks something of other documents. */
function isLinked(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(isLinked);
  if ('any' in condition) return condition.any.some(isLinked);
  return 'not' in condition ? isLinked(condition.not) : 'exists' in condition;
}

/** The filter of a condition on a document's own fields. */
export const filterOf = (collections: Collections, table: Table, condition: Condition): Filter =>
  new Filters(collections, ({ exists: { to } }) => {
    throw new Error(`A filter cannot look into ${to.name}`);
  }).of(table, condition);
