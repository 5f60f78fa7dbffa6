import {
  type ColumnKind,
  insteadOf,
  type SurveyedColumn,
  type SurveyedName,
  type SurveyedTable,
  whyNotIsoText,
} from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import { runCommand } from '../session/command.js';
import { indexesOf } from '../session/indexes.js';
import { SAMPLE_ROWS, SECONDS_END } from './sample.js';

/** Fields of a document beyond these are not looked at, nor what is longer than any time is as a text. */
const MAX_FIELDS = 100;
const MAX_CHARACTERS = 40;

/** What the server calls numbers. */
const NUMBERS = ['int', 'long', 'double', 'decimal'];

/** See `StoreSurvey.tables`. */
export async function collectionsThere(context: MongoContext): Promise<SurveyedName[]> {
  const asked = { listCollections: 1, filter: { type: 'collection' }, cursor: { batchSize: 1000 } };
  const { cursor } = await runCommand<Batch<{ readonly name: string }>>(context, asked);
  const names = cursor.firstBatch.map(({ name }) => name).filter((name) => !name.startsWith('system.'));
  return names.sort().map((name) => ({ schema: '', isOwn: true, name }));
}

interface Batch<Row> {
  readonly cursor: { readonly firstBatch: readonly Row[] };
}

/**
 * See `StoreSurvey.describe`. There are no columns but those that the newest documents have, and no foreign keys. Collections
 * that this user may not read are left out.
 */
export async function describeCollections(
  context: MongoContext,
  wanted: readonly SurveyedName[],
): Promise<SurveyedTable[]> {
  const found: (SurveyedTable | undefined)[] = [];
  for (const place of wanted)
    found.push(await described(context, place).catch(insteadOf('PERMISSION_DENIED', undefined)));
  return found.filter((each) => each !== undefined);
}

async function described(context: MongoContext, place: SurveyedName): Promise<SurveyedTable> {
  const { n } = await runCommand<{ readonly n: number }>(context, { count: place.name });
  const pipeline = [{ $sort: { _id: -1 } }, { $limit: SAMPLE_ROWS }, { $project: { _id: 0, fields: TYPED_FIELDS } }];
  const asked = { aggregate: place.name, pipeline, cursor: { batchSize: SAMPLE_ROWS } };
  const { cursor } = await runCommand<Batch<{ readonly fields: readonly TypedField[] }>>(context, asked);
  const unique = (await indexesOf(context, place.name)).filter(
    (index) => index.unique === true && !index.sparse && index.partialFilterExpression === undefined,
  );
  return {
    ...place,
    rows: n,
    columns: columnsOf(cursor.firstBatch.flatMap(({ fields }) => fields)),
    keys: [['_id'], ...unique.map(({ key }) => Object.keys(key))],
    references: [],
  };
}

/** A field of one document: its name, the type of its value, and the value where it tells something. */
interface TypedField {
  readonly k: string;
  readonly t: string;
  readonly v?: unknown;
}

/** Made by the server, so that documents of any size bring little here. */
const TYPED_FIELDS = {
  $map: {
    input: { $slice: [{ $objectToArray: '$$ROOT' }, MAX_FIELDS] },
    in: {
      k: '$$this.k',
      t: { $type: '$$this.v' },
      v: {
        $cond: [
          { $eq: [{ $type: '$$this.v' }, 'string'] },
          { $substrCP: ['$$this.v', 0, MAX_CHARACTERS] },
          { $cond: [{ $in: [{ $type: '$$this.v' }, NUMBERS] }, '$$this.v', null] },
        ],
      },
    },
  },
};

/** The fields of some documents, in the order in which they come. */
function columnsOf(fields: readonly TypedField[]): SurveyedColumn[] {
  const seen = new Map<string, TypedField[]>();
  for (const field of fields) seen.set(field.k, [...(seen.get(field.k) ?? []), field]);
  return [...seen].map(([name, all]) => {
    const set = all.filter(({ t }) => t !== 'null');
    const types = [...new Set(set.map(({ t }) => (NUMBERS.includes(t) ? 'number' : t)))];
    const holds =
      types.length === 1
        ? kindsOf(
            types[0] ?? '',
            set.map(({ v }) => v),
          )
        : [];
    return { name, type: types.join(', '), holds, isGenerated: false };
  });
}

/** What all the values of a field are. */
function kindsOf(type: string, values: readonly unknown[]): ColumnKind[] {
  switch (type) {
    case 'date':
      return ['instant'];
    case 'object':
      return ['json'];
    case 'string':
      return values.every((value) => whyNotIsoText(String(value), []) === undefined) ? ['isoText', 'text'] : ['text'];
    case 'number':
      return ['number', values.every((value) => Number(value) < SECONDS_END) ? 'epochSeconds' : 'epochMillis'];
    default:
      return [];
  }
}
