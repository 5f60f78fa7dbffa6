import {
  allOf,
  columnsIn,
  EVERY,
  type Filters,
  linksIn,
  Mapped,
  type MappedParts,
  Rules,
  resolveFilters,
  type Schema,
  withNested,
} from '@jobsweep/core';
import type { Connection } from 'mongoose';
import type { MongoRepositoryOptions } from '../options.js';
import { bsonOf } from '../values/bson.js';
import { type Collection, Collections, type MappedCollection } from './collections.js';
import { type Conventions, conventionsOf, NO_CONVENTIONS, type UserModel } from './model.js';
import { checkField, checkTime, fieldOfKey, mongoSchema } from './schema.js';

/** What every command is made of. */
export interface Mapping {
  readonly parts: MappedParts;
  readonly schema: Schema;
  /** The rules, for those who look at more than the rows of one of them. */
  readonly rules: Rules;
  readonly mapped: Mapped;
  readonly collections: Collections;
  readonly jobs: MappedCollection;
  readonly allocations: MappedCollection | null;
  readonly fenceField: string | null;
}

/** Throws `INVALID_SCHEMA` for a mapping that contradicts itself, `INVALID_OPTION` for filters or models that do. */
export function mappingOf(connection: Connection, options: MongoRepositoryOptions): Mapping {
  const { models = {}, fenceField = 'fence', idType } = options;
  const schema = mongoSchema(options.schema, models);
  const filters = resolveFilters(options.filters, { key: schema.jobs.columns.id });
  for (const name of ['ageColumn', 'ageFrom'] as const) {
    const time = filters[name];
    if (time !== null) checkTime(`filters.${name}`, time);
  }
  const lookedInto = [...linksIn(allOf(filters.scope, filters.exclude, schema.dependents.keep)), ...signLinks(filters)];
  for (const condition of [filters.scope, filters.exclude, ...lookedInto.map(({ where }) => where)])
    for (const field of columnsIn(condition)) checkField('filters', field);
  const { per } = filters.keepNewest ?? {};
  if (typeof per === 'object') checkField('filters.keepNewest.per.column', per.column);
  for (const { path, column } of filters.limitFor) if (column !== null) checkField(`${path}.column`, column);
  const dependents = withNested(schema.dependents.delete);
  for (const { path, link } of dependents) {
    checkField(`${path}.id`, fieldOfKey(`${path}.id`, link.to.key));
    for (const [, field] of link.on) checkField(`${path}.key`, field);
  }
  if (fenceField !== null) checkField('fenceField', fenceField);

  const conventions = (option: string, model: UserModel | undefined, [idField = '']: readonly string[]): Conventions =>
    model === undefined ? NO_CONVENTIONS : conventionsOf(option, model, connection, idField);
  const mappedTo = (model: UserModel | undefined, table: string, of: Conventions): MappedCollection => {
    const collection = (model?.collection as unknown as Collection | undefined) ?? connection.collection(table);
    return { collection, idType: idType ?? of.idType };
  };
  const ofJobs = conventions('models.jobs', models.jobs, schema.jobs.columns.id);
  const ofAllocations = conventions('models.allocations', models.allocations, schema.allocations?.columns.id ?? []);
  const jobs = mappedTo(models.jobs, schema.jobs.table, ofJobs);
  const allocations =
    schema.allocations === null ? null : mappedTo(models.allocations, schema.allocations.table, ofAllocations);

  const parts: MappedParts = {
    schema,
    filters,
    touch: { jobs: ofJobs.touch, allocations: ofAllocations.touch },
    own: { jobs: ofJobs.own, allocations: ofAllocations.own },
  };
  const byTable = new Map([[schema.jobs.table, jobs]]);
  if (schema.allocations !== null && allocations !== null) byTable.set(schema.allocations.table, allocations);
  for (const { name } of [...lookedInto.map(({ exists }) => exists.to), ...dependents.map(({ link }) => link.to)]) {
    if (!byTable.has(name)) byTable.set(name, { collection: connection.collection(name), idType: undefined });
  }
  const mapped = new Mapped(parts);
  for (const { of, rows } of mapped.archives)
    byTable.set(rows.name, { collection: connection.collection(rows.name), idType: byTable.get(of.name)?.idType });
  const collections = new Collections(bsonOf(connection), byTable);
  return { parts, schema, rules: new Rules(mapped), mapped, collections, jobs, allocations, fenceField };
}

/** The way to the signs of life, where they are in a collection of their own. Throws `INVALID_SCHEMA` for a time that BSON has not. */
function signLinks({ sign }: Filters) {
  if (sign === null) return [];
  checkTime('filters.ageColumn.column', sign.time);
  for (const field of sign.link.to.key) checkField('filters.ageColumn.key', field);
  return [{ exists: sign.link, where: EVERY }];
}
