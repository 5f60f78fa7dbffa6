import { DEFAULT_BATCH_ROWS, type ReadCost, type Rule } from '@jobsweep/core';
import { ageOf } from '../ages.js';
import type { SqlSession, Statement } from '../library.js';
import { readById, readByTime } from '../reads/allocations.js';
import { readJobs } from '../reads/jobs.js';
import { completedWithUnreleased, oldJobs, staleReservations, stuckJobs } from '../reads/rules.js';
import type { Tables } from '../rows/tables.js';
import type { Look } from './look.js';

/** Lets the server explain the query of a rule's first page while it runs it. */
export function costOf(tables: Tables, look: Look, rule: Rule): Promise<ReadCost> {
  return look(async (session) => {
    let cost: ReadCost = { durationMs: 0, rowsExamined: null, plan: '' };
    // In place of its rows, so that it is the very query that a pass sends.
    const explaining: SqlSession = {
      build: session.build,
      rows: async (query: Statement) => {
        cost = await tables.dialect.catalog.explain(session, query);
        return [];
      },
    };
    await readPage(explaining, tables, rule);
    return cost;
  });
}

function readPage(session: SqlSession, tables: Tables, rule: Rule): Promise<unknown> {
  const { build } = session;
  const age = ageOf(rule);
  const page = { limit: DEFAULT_BATCH_ROWS };
  switch (rule.name) {
    case 'completed_job_cleanup':
      return readById(session, tables, () => completedWithUnreleased(build, tables), page);
    case 'stale_reservation_cleanup':
      return readByTime(session, tables, () => staleReservations(build, tables, age), age, page);
    case 'stuck_job_cleanup':
      return readJobs(session, tables, () => stuckJobs(build, tables, age), 'ageTime', page);
    case 'old_job_cleanup':
      return readJobs(session, tables, () => oldJobs(build, tables, age), 'endTime', page);
  }
}
