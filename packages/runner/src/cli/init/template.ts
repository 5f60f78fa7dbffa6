import { DEFAULT_TABLES, type InitChoices } from './choices.js';

export const FORMATS = ['ts', 'mjs', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** The text of a new config file, with comments where its format has any. */
export function configText(choices: InitChoices, format: Format): string {
  return format === 'json' ? `${JSON.stringify(asObject(choices), null, 2)}\n` : asModule(choices);
}

function asObject(choices: InitChoices) {
  const schema = schemaOf(choices);
  return {
    adapter: choices.adapter,
    connection: { url: `\${${choices.variable}}` },
    ...(schema && { store: { schema } }),
    strategies: {
      ...(choices.allocationsTable !== null && { stale_reservation_cleanup: { maxAgeMinutes: 10 } }),
      stuck_job_cleanup: { maxAgeHours: 48 },
      old_job_cleanup: { maxAgeDays: 30 },
    },
  };
}

/** What differs from the defaults. */
function schemaOf({ jobsTable, allocationsTable }: InitChoices): object | undefined {
  const jobs = jobsTable === DEFAULT_TABLES.jobs ? undefined : { table: jobsTable };
  if (allocationsTable === null) return { ...(jobs && { jobs }), allocations: null };
  const allocations = allocationsTable === DEFAULT_TABLES.allocations ? undefined : { table: allocationsTable };
  return (jobs ?? allocations) ? { ...(jobs && { jobs }), ...(allocations && { allocations }) } : undefined;
}

const ALLOCATION_STRATEGIES = `    // Releases what finished jobs still hold.
    completed_job_cleanup: { intervalSeconds: 5 },
    // Fails and releases reservations that nobody took up.
    stale_reservation_cleanup: { intervalSeconds: 120, maxAgeMinutes: 10 },
`;

function asModule({ adapter, variable, jobsTable, allocationsTable }: InitChoices): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const allocations =
    allocationsTable === null
      ? '      allocations: null, // there is no such table'
      : `      allocations: { table: ${quoted(allocationsTable)} },`;
  const ofAllocations = allocationsTable === null ? '' : ALLOCATION_STRATEGIES;
  return `import { defineConfig } from '@jobsweep/runner';

// Every option: docs/cli.md of jobsweep. Look with \`npx jobsweep doctor\` and \`npx jobsweep plan\` before the first run.
export default defineConfig({
  adapter: ${quoted(adapter)},

  // \${NAME} is an environment variable, so that no password is in this file.
  connection: { url: '\${${variable}}' },

  store: {
    // Your tables in jobsweep's words: names, columns, how times are kept, the values of each state.
    schema: {
      jobs: { table: ${quoted(jobsTable)} },
${allocations}
    },
    // Which jobs may be seen and touched: a tenant, a queue; never these names.
    // filters: { scope: { tenant_id: 7 }, exclude: { names: ['license-server'] } },
  },

  strategies: {
${ofAllocations}    // Fails and releases jobs that run too long.
    stuck_job_cleanup: { intervalSeconds: 3600, maxAgeHours: 48 },
    // Deletes finished jobs. Off by default: \`enabled: true\` turns it on, \`jobsweep run old_job_cleanup\` runs it once.
    old_job_cleanup: { cron: '0 3 * * *', timeZone: 'UTC', maxAgeDays: 30 },
  },

  // runner: { batchRows: 1000, pauseFraction: 0.5, historyDays: 90 },
  // http: { host: '127.0.0.1', port: 9464 },
  // log: { level: 'info', format: 'auto' },
});
`;
}
