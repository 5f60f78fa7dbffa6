import {
  type MappedTable,
  type SchemaFinding,
  type SchemaMistake,
  schemaFinding,
  type TimeColumn,
  throwIfAborted,
  whyNotIsoText,
} from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { Collection } from '../mapping/collections.js';
import type { Mapping } from '../mapping/mapping.js';
import { translateError } from '../translate-error.js';
import { fieldOf, fieldsOfAllocations, fieldsOfJobs, type Sample, type SampledField } from './sample-fields.js';

/** Documents that are looked at: the newest of each collection. */
export const SAMPLE_ROWS = 200;

/** From here on a number of seconds is in the year 5138, and one of milliseconds in 1973. */
export const SECONDS_END = 1e11;

/** Compares the mapping with a bounded sample of the real documents: MongoDB has no other schema to ask. */
export async function sampleFindings(
  context: MongoContext,
  tables: readonly MappedTable[],
  signal: AbortSignal | undefined,
): Promise<SchemaFinding[]> {
  const { opened, mapping, settings } = context;
  const sampleOf = async (
    collection: Collection,
    fields: readonly SampledField[],
    idField: string,
  ): Promise<Sample[]> => {
    throwIfAborted(signal);
    const project = Object.fromEntries(fields.map(({ key, column }) => [key, `$${nameOf(column)}`]));
    const newest = [{ $sort: { [idField]: -1 } }, { $limit: SAMPLE_ROWS }, { $project: { _id: 0, ...project } }];
    const bounds = { maxTimeMS: settings.statementTimeoutMs, readPreference: 'primary' } as const;
    return await collection.aggregate(newest, bounds).toArray();
  };
  const { jobs, allocations, schema } = mapping;
  try {
    await opened();
    const ofJobs = fieldsOfJobs(mapping, tables.find(({ name }) => name === 'jobs')?.columns ?? []);
    const fields = [...ofJobs, ...fenceFields(mapping)];
    const seen = await sampleOf(jobs.collection, fields, fieldOf(schema.jobs.columns.id));
    const findings = fields.flatMap((field) => fieldFindings(field, jobs.collection, seen));
    if (allocations === null || schema.allocations === null) return findings;

    const ofAllocations = fieldsOfAllocations(schema.allocations);
    const sample = await sampleOf(allocations.collection, ofAllocations, fieldOf(schema.allocations.columns.id));
    findings.push(...ofAllocations.flatMap((field) => fieldFindings(field, allocations.collection, sample)));
    return [...findings, ...linkFinding(seen, sample)];
  } catch (error) {
    throw translateError(error);
  }
}

function fieldFindings(
  { path, key, column, isDueIn, enough, isCount, strategy }: SampledField,
  { collectionName }: Collection,
  samples: readonly Sample[],
): SchemaFinding[] {
  const due = samples.filter(isDueIn);
  if (due.length >= enough && due.every((sample) => sample[key] === undefined)) {
    const mistake = {
      kind: 'field',
      collection: collectionName,
      field: nameOf(column),
      documents: due.length,
    } as const;
    return [schemaFinding(path, mistake)];
  }
  const mistakes = samples.map(({ [key]: value }) => {
    // Tries are counted from null on; nothing else is.
    if (value === undefined || (value === null && (!isCount || strategy !== undefined))) return undefined;
    if (typeof column !== 'string') return whyNot(value, column);
    return isCount ? whyNoCount(value, column) : undefined;
  });
  const wrong = mistakes.find((reason) => reason !== undefined);
  return wrong === undefined ? [] : [{ ...schemaFinding(path, wrong), ...(strategy && { strategies: [strategy] }) }];
}

/** Why a value is no time of a codec. */
function whyNot(value: unknown, { codec, unset }: TimeColumn): SchemaMistake | undefined {
  const type = typeName(value);
  const wrong = { kind: 'value', type, wanted: codec } as const;
  if (codec === 'instant') return type === 'date' ? undefined : wrong;
  if (codec === 'isoText') return typeof value === 'string' ? whyNotIsoText(value, unset) : wrong;
  if (type !== 'number') return wrong;
  const number = Number(value);
  if (unset.includes(number) || number === 0) return undefined;
  const isSeconds = Math.abs(number) < SECONDS_END;
  if (isSeconds === (codec === 'epochSeconds')) return undefined;
  return { ...wrong, number: { value: number, looksLike: isSeconds ? 'seconds' : 'milliseconds' } };
}

/** A link of another type than the ids leads nowhere, and says nothing about it. */
function linkFinding(jobs: readonly Sample[], allocations: readonly Sample[]): SchemaFinding[] {
  const types = (samples: readonly Sample[], key: string) =>
    new Set(samples.filter((sample) => sample[key] != null).map((sample) => typeName(sample[key])));
  const [ids, links] = [types(jobs, 'jid'), types(allocations, 'ajob')];
  if (ids.size === 0 || links.size === 0 || [...links].some((type) => ids.has(type))) return [];
  return [schemaFinding('schema.allocations.columns.jobId', { kind: 'link', links: [...links], ids: [...ids] })];
}

const nameOf = (column: string | TimeColumn) => (typeof column === 'string' ? column : column.column);

const fenceFields = ({ fenceField: column }: Mapping): SampledField[] =>
  column === null ? [] : [{ path: 'fenceField', key: 'fence', column, isDueIn: () => false, enough: 1, isCount: true }];

function whyNoCount(value: unknown, field: string): SchemaMistake | undefined {
  const type = typeName(value);
  return type === 'number' ? undefined : { kind: 'fence', field, type };
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value === 'bigint' ? 'number' : typeof value;
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  const { _bsontype: type } = value as { readonly _bsontype?: string };
  if (type === 'Long' || type === 'Decimal128') return 'number';
  return type ?? 'document';
}
