import { type Check, COUNT_AT_MOST, countedUpTo, NO_DIAGNOSIS } from '../check.js';

/** State values that nobody mapped. */
export const states: Check = {
  name: 'states',
  needsTables: true,
  async run({ diagnosis, signal }) {
    if (diagnosis === undefined) return NO_DIAGNOSIS;
    const unknown = await diagnosis.unknownStates({ atMost: COUNT_AT_MOST, signal });
    return {
      summary: 'every state is mapped',
      findings: unknown.map(({ table, value, rows }) => ({
        severity: 'warning',
        subject: `${table}.${table === 'jobs' ? 'state' : 'status'}`,
        problem: `${countedUpTo(rows)} rows have ${value === null ? 'NULL' : `'${value}'`}, which nobody mapped`,
        fix: `Map it in schema.${table === 'jobs' ? 'jobs.states' : 'allocations.statuses'}, or leave it: such rows are never written`,
      })),
    };
  },
};
