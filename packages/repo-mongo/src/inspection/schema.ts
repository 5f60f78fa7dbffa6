import { FINISHED_JOB_STATES, type SchemaFinding, type TimeColumn, throwIfAborted } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { MongoContext } from '../context.js';
import type { Collection, Mapping } from '../mapping/mapping.js';
import { allocationFields } from '../rows/allocation-row.js';
import { jobFields, knownState } from '../rows/job-row.js';
import { describeCollection } from '../session/collations.js';
import { translateError } from '../translate-error.js';
import { idFindings } from './unique-ids.js';

/** Documents that are looked at: the newest of each collection. */
const SAMPLE_ROWS = 200;

/** Documents without a time that tell something: a few may well have none. */
const ENOUGH_ROWS = 5;

/** From here on a number of seconds is in the year 5138, and one of milliseconds in 1973. */
const SECONDS_END = 1e11;

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
export async function schemaFindings(context: MongoContext, signal: AbortSignal | undefined): Promise<SchemaFinding[]> {
  const { connection, opened, mapping, settings } = context;
  const { statementTimeoutMs } = settings;
  const options = { maxTimeMS: statementTimeoutMs, readPreference: 'primary' } as const;

  const sampleOf = async (collection: Collection, fields: mongo.Document, idField: string): Promise<Sample[]> => {
    const newest = [{ $sort: { [idField]: -1 } }, { $limit: SAMPLE_ROWS }, { $project: { _id: 0, ...fields } }];
    return await collection.aggregate(newest, options).toArray();
  };

  const collectionFindings = async (name: string, collection: Collection, idField: string) => {
    const { collectionName } = collection;
    const [found] = await describeCollection(connection, collectionName, statementTimeoutMs);
    const path = `${name}.table`;
    if (found === undefined) return await missingFinding(name, collectionName);
    const { type } = found;
    if (type === undefined || type === 'collection') {
      return idFindings(`${name}.columns.id`, collection, idField, statementTimeoutMs);
    }
    return [
      {
        path,
        problem: `"${collectionName}" is a ${type}, which cannot be written`,
        fix: `Set schema.${path} to the collection behind it`,
      },
    ];
  };

  /**
   * MongoDB makes a collection with its first document, so that of the allocations may well be missing before anything was
   * allocated: then it is a mistake only where another collection has nearly its name.
   */
  const missingFinding = async (name: string, collectionName: string): Promise<SchemaFinding[]> => {
    const path = `${name}.table`;
    const problem = `There is no collection "${collectionName}"`;
    const others = await connection.db
      ?.listCollections({}, { nameOnly: true, maxTimeMS: statementTimeoutMs })
      .toArray();
    const alike = (others ?? []).map((other) => other.name).filter((other) => isNearly(other, collectionName));
    if (alike.length > 0) {
      return [{ path, problem, fix: `Set schema.${path}: did you mean ${alike.slice(0, 3).join(', ')}?` }];
    }
    if (name !== 'jobs') return [];
    const fix = `Set schema.${path} to its name; if it is right, MongoDB makes it with the first job, or you do now`;
    return [{ path, problem, fix }];
  };

  const look = async (): Promise<SchemaFinding[]> => {
    await opened();
    throwIfAborted(signal);
    const { jobs, allocations } = mapping;
    const findings = await collectionFindings('jobs', jobs.collection, jobs.fields.id);
    const jobSample = await sampleOf(
      jobs.collection,
      { ...jobFields(mapping), ...fenceField(mapping) },
      jobs.fields.id,
    );
    findings.push(...jobMappedFields(mapping).flatMap((field) => fieldFindings(field, jobs.collection, jobSample)));
    findings.push(...fenceFinding(mapping, jobSample));
    if (allocations === null) return findings;

    throwIfAborted(signal);
    findings.push(...(await collectionFindings('allocations', allocations.collection, allocations.fields.id)));
    const sample = await sampleOf(allocations.collection, allocationFields(mapping), allocations.fields.id);
    findings.push(
      ...allocationMappedFields(mapping).flatMap((field) => fieldFindings(field, allocations.collection, sample)),
    );
    findings.push(...linkFinding(jobSample, sample));
    return findings;
  };

  try {
    return await look();
  } catch (error) {
    throw translateError(error, false);
  }
}

function jobMappedFields({ jobs }: Mapping): MappedField[] {
  const { id, state, startTime, endTime } = jobs.fields;
  const stateIn = (sample: Sample) => knownState(jobs.states, sample.jstate);
  const finished: readonly (string | undefined)[] = FINISHED_JOB_STATES;
  const always = () => true;
  return [
    { path: 'jobs.columns.id', key: 'jid', column: id, isDueIn: always },
    { path: 'jobs.columns.state', key: 'jstate', column: state, isDueIn: always },
    {
      path: 'jobs.columns.startTime',
      key: 'jstart',
      column: startTime,
      isDueIn: (sample) => stateIn(sample) === 'RUNNING',
    },
    {
      path: 'jobs.columns.endTime',
      key: 'jend',
      column: endTime,
      isDueIn: (sample) => finished.includes(stateIn(sample)),
    },
  ];
}

function allocationMappedFields({ allocations }: Mapping): MappedField[] {
  if (allocations === null) return [];
  const { id, jobId, status, allocationTime, releasedTime } = allocations.fields;
  const [always, never] = [() => true, () => false];
  return [
    { path: 'allocations.columns.id', key: 'aid', column: id, isDueIn: always },
    { path: 'allocations.columns.jobId', key: 'ajob', column: jobId, isDueIn: always },
    { path: 'allocations.columns.status', key: 'astatus', column: status, isDueIn: always },
    { path: 'allocations.columns.allocationTime', key: 'atime', column: allocationTime, isDueIn: always },
    // Jobs that were purged take released allocations with them, so there may be none to tell its name.
    { path: 'allocations.columns.releasedTime', key: 'areleased', column: releasedTime, isDueIn: never },
  ];
}

function fieldFindings(
  { path, key, column, isDueIn }: MappedField,
  { collectionName }: Collection,
  samples: readonly Sample[],
): SchemaFinding[] {
  const name = typeof column === 'string' ? column : column.column;
  const due = samples.filter(isDueIn);
  const isMissing =
    due.length >= (typeof column === 'string' ? 1 : ENOUGH_ROWS) && due.every((sample) => sample[key] === undefined);
  if (isMissing) {
    const problem = `None of the documents of "${collectionName}" that were looked at (${due.length}) has a field "${name}"`;
    return [{ path, problem, fix: `Set schema.${path} to the name of the field` }];
  }
  if (typeof column === 'string') return [];
  const values = samples.map((sample) => sample[key]).filter((value) => value !== undefined && value !== null);
  const wrong = values.map((value) => whyNot(value, column)).find((reason) => reason !== undefined);
  return wrong === undefined
    ? []
    : [{ path, problem: `The field holds ${wrong}`, fix: `Set schema.${path}.codec to what the field really holds` }];
}

/** Why a value is no time of a codec. */
function whyNot(value: unknown, { codec, unset }: TimeColumn): string | undefined {
  const type = typeName(value);
  if (codec === 'instant') return type === 'date' ? undefined : `a ${type}, which is no instant`;
  if (type !== 'number') return `a ${type}, which is no ${codec}`;
  const number = Number(value);
  if (unset.includes(number) || number === 0) return undefined;
  const isSeconds = Math.abs(number) < SECONDS_END;
  if (isSeconds === (codec === 'epochSeconds')) return undefined;
  return `${number}, which looks like ${isSeconds ? 'seconds' : 'milliseconds'} and not like ${codec}`;
}

/** A link of another type than the ids leads nowhere, and says nothing about it. */
function linkFinding(jobs: readonly Sample[], allocations: readonly Sample[]): SchemaFinding[] {
  const types = (samples: readonly Sample[], key: string) =>
    new Set(samples.filter((sample) => sample[key] != null).map((sample) => typeName(sample[key])));
  const [ids, links] = [types(jobs, 'jid'), types(allocations, 'ajob')];
  if (ids.size === 0 || links.size === 0 || [...links].some((type) => ids.has(type))) return [];
  const problem = `The field holds a ${[...links].join(' or ')}, and the ids of jobs are of type ${[...ids].join(' or ')}: no allocation has a job`;
  return [
    {
      path: 'allocations.columns.jobId',
      problem,
      fix: 'Map the field that holds the id of the job, or make both of one type',
    },
  ];
}

const fenceField = ({ fenceField: field }: Mapping) => (field === null ? {} : { fence: `$${field}` });

function fenceFinding({ fenceField: field }: Mapping, samples: readonly Sample[]): SchemaFinding[] {
  const wrong = samples.find(({ fence }) => fence !== undefined && typeName(fence) !== 'number');
  if (field === null || wrong === undefined) return [];
  const problem = `Field "${field}" of jobs holds a ${typeName(wrong.fence)}, which cannot be incremented`;
  return [
    {
      path: 'fenceField',
      problem,
      fix: 'Set the option fenceField to a name that is free, or to one that holds numbers',
    },
  ];
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

/** Whether two names are one but for capitals, separators and what one of them has more. */
function isNearly(other: string, name: string): boolean {
  const [one, two] = [other, name].map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')) as [string, string];
  const [shorter, longer] = one.length < two.length ? [one, two] : [two, one];
  return other !== name && shorter.length >= 4 && longer.includes(shorter);
}
