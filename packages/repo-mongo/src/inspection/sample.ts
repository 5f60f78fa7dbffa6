import {
  type AllocationsTable,
  FINISHED_JOB_STATES,
  type JobState,
  type SchemaFinding,
  type SchemaMistake,
  schemaFinding,
  type TimeColumn,
  throwIfAborted,
  Values,
  whyNotIsoText,
} from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { Collection } from '../mapping/collections.js';
import type { Mapping } from '../mapping/mapping.js';
import { translateError } from '../translate-error.js';
import { exactText } from '../values/bson.js';
import { mongoValues } from '../values/mongo-values.js';

/** Documents that are looked at: the newest of each collection. */
export const SAMPLE_ROWS = 200;

/** Documents without a time that tell something: a few may well have none. */
const ENOUGH_ROWS = 5;

/** From here on a number of seconds is in the year 5138, and one of milliseconds in 1973. */
export const SECONDS_END = 1e11;

/** A document of the sample: the raw values of the mapped fields, under names of ours. */
type Sample = Readonly<Record<string, unknown>>;

/** A mapped field, under its name in the sample. */
interface MappedField {
  readonly path: string;
  readonly key: string;
  readonly column: string | TimeColumn;
  /** Whether a document must have it, where it is as it should be. */
  readonly isDueIn: (sample: Sample) => boolean;
}

/** Compares the mapping with a bounded sample of the real documents: MongoDB has no other schema to ask. */
export async function sampleFindings(context: MongoContext, signal: AbortSignal | undefined): Promise<SchemaFinding[]> {
  const { opened, mapping, settings } = context;
  const sampleOf = async (
    collection: Collection,
    fields: readonly MappedField[],
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
    const ofJobs = jobMappedFields(mapping);
    const seen = await sampleOf(jobs.collection, [...ofJobs, ...fenceFields(mapping)], field(schema.jobs.columns.id));
    const findings = ofJobs.flatMap((field) => fieldFindings(field, jobs.collection, seen));
    findings.push(...fenceFinding(mapping, seen));
    if (allocations === null || schema.allocations === null) return findings;

    const fields = allocationMappedFields(schema.allocations);
    const sample = await sampleOf(allocations.collection, fields, field(schema.allocations.columns.id));
    findings.push(...fields.flatMap((field) => fieldFindings(field, allocations.collection, sample)));
    return [...findings, ...linkFinding(seen, sample)];
  } catch (error) {
    throw translateError(error);
  }
}

/** Keys have one field here. */
const field = ([name = '']: readonly string[]): string => name;

const always = () => true;
const never = () => false;

function jobMappedFields({ collections, schema }: Mapping): MappedField[] {
  const { columns, states } = schema.jobs;
  const { id, startTime, endTime } = columns;
  const { column: state } = states.place;
  const values = new Values(mongoValues(collections));
  const stateIn = ({ jstate }: Sample) => values.known<JobState>(states, exactText(collections.bson, jstate));
  const finished: readonly (string | undefined)[] = FINISHED_JOB_STATES;
  return [
    { path: 'schema.jobs.columns.id', key: 'jid', column: field(id), isDueIn: always },
    // Where conditions tell the states, a field that is not there may be one of them.
    { path: 'schema.jobs.columns.state', key: 'jstate', column: state, isDueIn: states.isPlain ? always : never },
    {
      path: 'schema.jobs.columns.startTime',
      key: 'jstart',
      column: startTime,
      isDueIn: (sample) => stateIn(sample) === 'RUNNING',
    },
    ...endTime.map(
      (column, index): MappedField => ({
        path: `schema.jobs.columns.endTime${endTime.length > 1 ? `[${index}]` : ''}`,
        key: `jend${index}`,
        column,
        // Of several fields any may be missing.
        isDueIn: endTime.length > 1 ? never : (sample) => finished.includes(stateIn(sample)),
      }),
    ),
  ];
}

function allocationMappedFields({ columns, statuses }: AllocationsTable): MappedField[] {
  const { id, jobId, allocationTime, releasedTime } = columns;
  const isDueIn = statuses.isPlain ? always : never;
  const time = (column: TimeColumn | null, field: Omit<MappedField, 'column'>) =>
    column === null ? [] : [{ ...field, column }];
  return [
    { path: 'schema.allocations.columns.id', key: 'aid', column: field(id), isDueIn: always },
    { path: 'schema.allocations.columns.jobId', key: 'ajob', column: field(jobId), isDueIn: always },
    { path: 'schema.allocations.columns.status', key: 'astatus', column: statuses.place.column, isDueIn },
    ...time(allocationTime, { path: 'schema.allocations.columns.allocationTime', key: 'atime', isDueIn: always }),
    // Jobs that were purged take released allocations with them, so there may be none to tell its name.
    ...time(releasedTime, { path: 'schema.allocations.columns.releasedTime', key: 'areleased', isDueIn: never }),
  ];
}

function fieldFindings(
  { path, key, column, isDueIn }: MappedField,
  { collectionName }: Collection,
  samples: readonly Sample[],
): SchemaFinding[] {
  const due = samples.filter(isDueIn);
  const isMissing =
    due.length >= (typeof column === 'string' ? 1 : ENOUGH_ROWS) && due.every((sample) => sample[key] === undefined);
  if (isMissing) {
    const mistake = {
      kind: 'field',
      collection: collectionName,
      field: nameOf(column),
      documents: due.length,
    } as const;
    return [schemaFinding(path, mistake)];
  }
  if (typeof column === 'string') return [];
  const values = samples.map((sample) => sample[key]).filter((value) => value !== undefined && value !== null);
  const wrong = values.map((value) => whyNot(value, column)).find((reason) => reason !== undefined);
  return wrong === undefined ? [] : [schemaFinding(path, wrong)];
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

const fenceFields = ({ fenceField: column }: Mapping): MappedField[] =>
  column === null ? [] : [{ path: 'fenceField', key: 'fence', column, isDueIn: never }];

function fenceFinding({ fenceField: field }: Mapping, samples: readonly Sample[]): SchemaFinding[] {
  const wrong = samples.find(({ fence }) => fence !== undefined && typeName(fence) !== 'number');
  if (field === null || wrong === undefined) return [];
  return [schemaFinding('fenceField', { kind: 'fence', field, type: typeName(wrong.fence) })];
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
