import { type Check, COUNT_AT_MOST, countedUpTo, noDiagnosis } from '../check.js';

/** State values that nobody mapped. */
export const states: Check = {
  name: 'states',
  needsTables: true,
  async run(context) {
    const { diagnosis, told, words, signal } = context;
    if (diagnosis === undefined) return noDiagnosis(context);
    const unknown = await diagnosis.unknownStates({ atMost: COUNT_AT_MOST, signal });
    return {
      summary: words.statesMapped,
      findings: unknown.map(({ table, value, rows }) => ({
        severity: 'warning',
        subject: `${table}.${table === 'jobs' ? 'state' : 'status'}`,
        ...words.unknownState(
          rows,
          countedUpTo(rows),
          value,
          `${told.root ?? ''}schema.${table === 'jobs' ? 'jobs.states' : 'allocations.statuses'}`,
        ),
      })),
    };
  },
};
