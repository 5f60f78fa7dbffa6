import type { Query, ReadCost, Row } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { MongoContext } from '../context.js';
import { pageStages } from '../driver/pages.js';
import { apartFromSiblings } from '../driver/siblings.js';
import type { Mapping } from '../mapping/mapping.js';
import { Collations } from '../session/collations.js';
import { runCommand } from '../session/command.js';

type Document = mongo.Document;

/** Runs a look with pages that have no rows: each is explained by the server instead. Gives what the last one cost. */
export async function explain(
  context: MongoContext,
  look: (page: (query: Query) => Promise<Row[]>) => Promise<unknown>,
): Promise<ReadCost> {
  let cost: ReadCost = { durationMs: 0, rowsExamined: null, plan: '' };
  await look(async (query) => {
    cost = await costOf(context, query);
    return [];
  });
  return cost;
}

async function costOf(context: MongoContext, query: Query): Promise<ReadCost> {
  const { connection, mapping, settings } = context;
  const { collection } = mapping.collections.of(query.table);
  const pipeline = pageStages(mapping.collections, { ...query, where: apartFromSiblings(query.where).rest });
  const collation = await new Collations(connection, settings.statementTimeoutMs).of(collection);
  const explained = { aggregate: collection.collectionName, pipeline, cursor: {}, ...collation };
  const startedMs = performance.now();
  const said = await runCommand<Document>(context, { explain: explained, verbosity: 'executionStats' });
  const durationMs = performance.now() - startedMs;
  return { durationMs, rowsExamined: examined(said), plan: planOf(mapping, said) };
}

/** Documents that all stages together went through; `null` where the server does not say. */
function examined(said: Document): number | null {
  const { executionStats, stages, shards } = said as Explained;
  const shardTotals = Object.values(shards ?? {}).map(examined);
  const stageTotals = (stages ?? []).map(
    (stage) => stage.$cursor?.executionStats?.totalDocsExamined ?? stage.totalDocsExamined,
  );
  const totals = [...shardTotals, ...(stages === undefined ? [executionStats?.totalDocsExamined] : stageTotals)];
  const known = totals.filter((total) => total !== undefined && total !== null).map(Number);
  return known.length === 0 ? null : known.reduce((sum, total) => sum + total, 0);
}

interface Explained {
  readonly executionStats?: { readonly totalDocsExamined?: number };
  readonly stages?: readonly (Document & Stage)[];
  readonly shards?: Readonly<Record<string, Document>>;
  readonly queryPlanner?: { readonly winningPlan?: Document };
}

interface Stage {
  readonly $cursor?: {
    readonly executionStats?: { readonly totalDocsExamined?: number };
    readonly queryPlanner?: Document;
  };
  readonly totalDocsExamined?: number;
}

/** The plan that was taken, without what a server adds around it. */
function planOf({ collections }: Mapping, said: Document): string {
  const { queryPlanner, stages, shards } = said as Explained;
  const plan = shards ?? stages ?? queryPlanner?.winningPlan ?? said;
  return collections.bson.EJSON.stringify(plan, undefined, 2, { relaxed: true });
}
