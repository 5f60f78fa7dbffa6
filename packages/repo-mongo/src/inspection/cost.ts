import { DEFAULT_BATCH_ROWS, type ReadCost, type Rule, throwIfAborted } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { MongoContext } from '../context.js';
import { allocationsOf, type Collection, type Mapping } from '../mapping/mapping.js';
import { maxAgeMsOf } from '../reads/ages.js';
import { ageTime } from '../reads/limits.js';
import {
  completedWithUnreleased,
  oldJobs,
  type Pipeline,
  reservations,
  stuckJobs,
  withJobFields,
} from '../reads/rules.js';
import { jobFields } from '../rows/job-row.js';
import { Collations } from '../session/collations.js';
import { runCommand } from '../session/command.js';

type Document = mongo.Document;

/** Lets the server explain the query of a rule's first page while it runs it. */
export async function costOf(
  context: MongoContext,
  rule: Rule,
  nowMs: number,
  signal: AbortSignal | undefined,
): Promise<ReadCost> {
  const { connection, mapping, settings } = context;
  const { collection, pipeline } = firstPage(mapping, rule, nowMs);
  const collation = await new Collations(connection, settings.statementTimeoutMs).of(collection);
  throwIfAborted(signal);
  const explain = { aggregate: collection.collectionName, pipeline, cursor: {}, ...collation };
  const startedMs = performance.now();
  const said = await runCommand<Document>(context, { explain, verbosity: 'executionStats' });
  const durationMs = performance.now() - startedMs;
  return { durationMs, rowsExamined: examined(said), plan: planOf(mapping, said) };
}

function firstPage(
  mapping: Mapping,
  rule: Rule,
  nowMs: number,
): { readonly collection: Collection; readonly pipeline: Pipeline } {
  const age = maxAgeMsOf(rule);
  const limit = { $limit: DEFAULT_BATCH_ROWS };
  if (rule.name === 'completed_job_cleanup' || rule.name === 'stale_reservation_cleanup') {
    const { collection, fields, idType } = allocationsOf(mapping);
    const byId = { idField: fields.id, idType };
    const found =
      rule.name === 'completed_job_cleanup'
        ? completedWithUnreleased(mapping, { order: byId })
        : reservations(mapping, nowMs, age, { order: { ...byId, timeField: fields.allocationTime.column } });
    return { collection, pipeline: [...found, limit, withJobFields(mapping)] };
  }
  const { collection, fields, idType } = mapping.jobs;
  const isStuck = rule.name === 'stuck_job_cleanup';
  const { column: timeField } = isStuck ? ageTime(mapping) : fields.endTime;
  const order = { idField: fields.id, idType, timeField };
  const found = (isStuck ? stuckJobs : oldJobs)(mapping, nowMs, age, { order });
  return { collection, pipeline: [...found, limit, { $project: { _id: 0, ...jobFields(mapping) } }] };
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
function planOf({ bson }: Mapping, said: Document): string {
  const { queryPlanner, stages, shards } = said as Explained;
  const plan = shards ?? stages ?? queryPlanner?.winningPlan ?? said;
  return bson.EJSON.stringify(plan, undefined, 2, { relaxed: true });
}
