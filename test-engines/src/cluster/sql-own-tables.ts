import type { OwnTablesSide } from '@jobsweep/contract';
import { CLAIM_COLUMNS, timeColumns } from '@jobsweep/core';
import type { Plain } from './plain.js';

const TIMES = timeColumns(CLAIM_COLUMNS);

/** jobsweep's own tables in SQL, past the adapter. */
export function sqlOwnTables(sql: Plain): OwnTablesSide {
  return {
    async drop() {
      for (const table of ['jobsweep_claims', 'jobsweep_history', 'jobsweep_changes'])
        await sql.query(`drop table if exists ${table}`);
    },
    async run(statement) {
      await sql.query(statement);
    },
    async age(seconds) {
      const earlier = TIMES.map((column) => `${column} = ${column} - interval '${seconds}' second`);
      await sql.change(`update jobsweep_claims set ${earlier.join(', ')}`);
    },
  };
}
