import { DEFAULT_CONFIG, type Locale } from '@jobsweep/core';
import type { Words } from '../../words/words.js';
import type { Audience } from '../audience.js';
import { DEFAULT_TABLES, type InitChoices } from './choices.js';

export const FORMATS = ['ts', 'mjs', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** The text of a new config file, with comments where its format has any. */
export function configText(choices: InitChoices, format: Format, audience: Pick<Audience, 'locale' | 'words'>): string {
  const { locale, words } = audience;
  if (format === 'json') return `${JSON.stringify(asObject(choices, locale), null, 2)}\n`;
  return asModule(choices, locale, words.init.comments);
}

function asObject(choices: InitChoices, locale: Locale) {
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
    ...(locale !== 'en' && { locale }),
  };
}

/** What differs from the defaults. */
function schemaOf({ jobsTable, allocationsTable }: InitChoices): object | undefined {
  const jobs = jobsTable === DEFAULT_TABLES.jobs ? undefined : { table: jobsTable };
  if (allocationsTable === null) return { ...(jobs && { jobs }), allocations: null };
  const allocations = allocationsTable === DEFAULT_TABLES.allocations ? undefined : { table: allocationsTable };
  return (jobs ?? allocations) ? { ...(jobs && { jobs }), ...(allocations && { allocations }) } : undefined;
}

function asModule(
  { adapter, variable, jobsTable, allocationsTable }: InitChoices,
  locale: Locale,
  comments: Words['init']['comments'],
): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const allocations =
    allocationsTable === null
      ? `      allocations: null, // ${comments.noAllocations}`
      : `      allocations: { table: ${quoted(allocationsTable)} },`;
  const ofAllocations = `    // ${comments.completed}
    completed_job_cleanup: { intervalSeconds: 5 },
    // ${comments.stale}
    stale_reservation_cleanup: { intervalSeconds: 120, maxAgeMinutes: 10 },
`;
  return `import { defineConfig } from '@jobsweep/runner';

// ${comments.options}
export default defineConfig({
  adapter: ${quoted(adapter)},

  // ${comments.name}
  // name: '${DEFAULT_CONFIG}',

  // ${comments.url}
  connection: { url: '\${${variable}}' },

  store: {
    // ${comments.schema}
    schema: {
      jobs: { table: ${quoted(jobsTable)} },
${allocations}
    },
    // ${comments.filters}
    // filters: { scope: { tenant_id: 7 }, exclude: { name: 'license-server' } },
  },

  strategies: {
${allocationsTable === null ? '' : ofAllocations}    // ${comments.stuck}
    stuck_job_cleanup: { intervalSeconds: 3600, maxAgeHours: 48 },
    // ${comments.old}
    old_job_cleanup: { cron: '0 3 * * *', timeZone: 'UTC', maxAgeDays: 30 },
  },

  // runner: { batchRows: 1000, pauseFraction: 0.5, historyDays: 90 },
  // http: { host: '127.0.0.1', port: 9464 },
  // log: { level: 'info', format: 'auto' },
${locale === 'en' ? '' : `  locale: '${locale}',\n`}});
`;
}
