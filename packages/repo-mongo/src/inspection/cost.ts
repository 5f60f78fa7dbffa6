import { DEFAULT_BATCH_ROWS, type Query, type ReadCost, type Rule, readDue, throwIfAborted } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { MongoContext } from '../context.js';
import { pageStages } from '../driver/pages.js';
import { apartFromSiblings } from '../driver/siblings.js';
import type { Mapping } from '../mapping/mapping.js';
import type { MongoCleanupRepository } from '../mongo-cleanup-repository.js';
import { Collations } from '../session/collations.js';
import { runCommand } from '../session/command.js';

type Document = mongo.Document;

/** Lets the server explain the query of a rule's first page while it runs it. */
export async function costOf(
  context: MongoContext,
  repository: MongoCleanupRepository,
  rule: Rule,
  now: bigint,
  signal: AbortSignal | undefined,
): Promise<ReadCost> {
  const queries: Query[] = [];
  // In place of its rows, so that it is the very query that a pass sends.
  const page = async (query: Query) => {
    queries.push(query);
    return [];
  };
  await readDue({ now, page }, repository.context, rule, { limit: DEFAULT_BATCH_ROWS });
  const [query] = queries;
  if (query === undefined) throw new Error(`${rule.name} reads no page`);

  const { connection, mapping, settings } = context;
  const { collection } = mapping.collections.of(query.table);
  const pipeline = pageStages(mapping.collections, { ...query, where: apartFromSiblings(query.where).rest });
  const collation = await new Collations(connection, settings.statementTimeoutMs).of(collection);
  throwIfAborted(signal);
  const explain = { aggregate: collection.collectionName, pipeline, cursor: {}, ...collation };
  const startedMs = performance.now();
  const said = await runCommand<Document>(context, { explain, verbosity: 'executionStats' });
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
