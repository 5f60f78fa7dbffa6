import { DEFAULT_CONFIG } from '@jobsweep/core';
import type { Audience } from '../audience.js';
import { DEFAULT_TABLES, type InitChoices } from './choices.js';
import { type Comments, entryLines, quoted } from './literal.js';
import { asOptions, type ProposedOptions, strategiesOf } from './proposal/as-options.js';
import type { Proposal } from './proposal/propose.js';

export const FORMATS = ['ts', 'mjs', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** What a config file is made of. */
interface Parts extends ProposedOptions {
  readonly has: { readonly completed: boolean; readonly stale: boolean };
}

/**
 * The text of a new config file, with comments where its format has any. It enables no purge.
 *
 * @param proposal how the tables map; without one it names the tables and leaves the rest to the defaults.
 */
export function configText(
  choices: InitChoices,
  proposal: Proposal | undefined,
  format: Format,
  audience: Pick<Audience, 'locale' | 'words'>,
): string {
  const parts =
    proposal === undefined
      ? templateParts(choices, audience.words.init.comments.noAllocations)
      : { ...asOptions(proposal, audience.words.proposal), has: strategiesOf(proposal) };
  if (format === 'json') return `${JSON.stringify(asObject(choices, parts, audience), null, 2)}\n`;
  return asModule(choices, parts, audience);
}

function templateParts({ jobsTable, allocationsTable }: InitChoices, noAllocations: string): Parts {
  const isThere = allocationsTable !== null;
  const allocations = isThere ? { table: allocationsTable } : null;
  const comments: Comments = { beside: new Map(isThere ? [] : [['store.schema.allocations', noAllocations]]) };
  return {
    store: { schema: { jobs: { table: jobsTable }, allocations } },
    comments,
    assumptions: {},
    has: { completed: isThere, stale: isThere },
  };
}

function asObject(choices: InitChoices, { store, assumptions, has }: Parts, { locale }: Pick<Audience, 'locale'>) {
  return {
    adapter: choices.adapter,
    connection: { url: `\${${choices.variable}}` },
    ...(!isAllDefault(choices, store) && { store }),
    strategies: {
      ...(has.stale && { stale_reservation_cleanup: { maxAgeMinutes: 10 } }),
      stuck_job_cleanup: { maxAgeHours: 48 },
      old_job_cleanup: { enabled: false, maxAgeDays: 30 },
    },
    ...(Object.keys(assumptions).length > 0 && { assumptions }),
    ...(locale !== 'en' && { locale }),
  };
}

/** Whether a template says nothing that would not be so without it. */
const isAllDefault = ({ jobsTable, allocationsTable }: InitChoices, { schema }: Parts['store']): boolean =>
  jobsTable === DEFAULT_TABLES.jobs &&
  allocationsTable === DEFAULT_TABLES.allocations &&
  !('columns' in (schema as { readonly jobs: object }).jobs);

function asModule(
  { adapter, variable }: InitChoices,
  { store, comments: ofLines, assumptions, has }: Parts,
  { locale, words }: Pick<Audience, 'locale' | 'words'>,
): string {
  const { comments } = words.init;
  const { schema, filters } = store;
  const lines = (value: object, path: string, indent: string) => entryLines(value, path, indent, ofLines).join('\n');
  const assumed =
    Object.keys(assumptions).length === 0
      ? ''
      : `
  // ${comments.assumptions}
  assumptions: {
${entryLines(assumptions, 'assumptions', '    ', {}).join('\n')}
  },
`;
  const completed = `    // ${comments.completed}
    completed_job_cleanup: { intervalSeconds: 5 },
`;
  const stale = `    // ${comments.stale}
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
${assumed}
  store: {
    // ${comments.schema}
    schema: {
${lines(schema, 'store.schema', '      ')}
    },
    // ${comments.filters}
    // filters: { scope: { tenant_id: 7 }, exclude: { name: 'license-server' } },
${filters === undefined ? '' : `    filters: {\n${lines(filters, 'store.filters', '      ')}\n    },\n`}  },

  strategies: {
${has.completed ? completed : ''}${has.stale ? stale : ''}    // ${comments.stuck}
    stuck_job_cleanup: { intervalSeconds: 3600, maxAgeHours: 48 },
    // ${comments.old}
    old_job_cleanup: { enabled: false, cron: '0 3 * * *', timeZone: 'UTC', maxAgeDays: 30 },
  },

  // runner: { pauseFraction: 0.5, historyDays: 90 },
  // http: { host: '127.0.0.1', port: 9464 },
  // log: { level: 'info', format: 'auto' },
${locale === 'en' ? '' : `  locale: '${locale}',\n`}});
`;
}
