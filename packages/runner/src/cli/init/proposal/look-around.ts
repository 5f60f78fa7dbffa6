import { isJobsweepError, type StoreSurvey, type SurveyedTable, type SurveyedValues } from '@jobsweep/core';
import { columnsToAsk } from './columns.js';
import type { Family } from './defaults.js';
import type { Facts, Said } from './propose.js';
import { allocationCandidates, isCalled, jobCandidates, worthALook } from './tables.js';

/** Tables that are described, those with the likeliest names first. */
const TABLES = 60;
/** Tables whose values are asked for: the likeliest ones of jobs, and of what the first of these hold. */
const CANDIDATES = 3;

/** What this user may not read, or what takes too long, is what nobody knows. */
function unknown(error: unknown): undefined {
  if (!isJobsweepError(error, 'PERMISSION_DENIED', 'STATEMENT_TIMEOUT', 'SCHEMA_MISMATCH')) throw error;
}

/** Asks a database what a proposal is made of: its catalog, and the values of some columns. */
export async function lookAround(
  survey: StoreSurvey,
  family: Family,
  { jobsTable, allocationsTable }: Said,
  signal: AbortSignal,
): Promise<Facts> {
  const named = [jobsTable, allocationsTable].filter((name) => typeof name === 'string');
  const there = await survey.tables({ signal });
  const tables = await survey.describe(worthALook(there, named, TABLES), { signal });
  const values = new Map<string, SurveyedValues>();
  const of = ({ schema, name }: SurveyedTable, column: string) => JSON.stringify([schema, name, column]);
  const jobs = jobCandidates(tables).slice(0, CANDIDATES);
  const likely = new Set([
    ...tables.filter((table) => named.some((name) => isCalled(table, name))),
    ...jobs.map(({ table }) => table),
    ...jobs.flatMap(({ table }) => allocationCandidates(tables, table).slice(0, 1)).map(({ table }) => table),
  ]);
  for (const table of likely) {
    for (const column of columnsToAsk(table)) {
      const [key = []] = table.keys;
      if (key.length === 0) continue;
      const found = await survey.values({ ...table, key, column }, { signal }).catch(unknown);
      if (found !== undefined) values.set(of(table, column), found);
    }
  }
  return { family, tables, values: (table, column) => values.get(of(table, column)) };
}
