import type { AnyStore } from '../open.js';

/** What `init` found out about jobsweep's own tables, and did. */
export interface OwnTablesStep {
  /** The statements that make them. */
  readonly ddl: readonly string[];
  /** The tables that were made; `null`: it was not asked for. */
  readonly made: readonly string[] | null;
  /** Why nothing can be said of them yet. */
  readonly problem: string | null;
}

/** Shows how the tables are made, or makes those that are missing. */
export async function ownTablesStep(
  { ownTables }: AnyStore,
  isApplied: boolean,
  signal: AbortSignal,
): Promise<OwnTablesStep> {
  const made = isApplied ? await ownTables.create({ signal }) : null;
  return { ddl: ownTables.ddl, made, problem: null };
}
