import { type Check, COUNT_AT_MOST, noDiagnosis } from '../check.js';
import { unknownStateInWords } from '../unknown-state.js';

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
      findings: unknown.map((state) => ({
        severity: 'warning',
        subject: state.table === 'jobs' ? 'jobs.state' : 'allocations.status',
        ...unknownStateInWords(state, told),
      })),
    };
  },
};
