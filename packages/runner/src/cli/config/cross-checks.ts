import {
  type FilterOptions,
  isJobsweepError,
  Mapped,
  type Rule,
  Rules,
  requireRule,
  resolveFilters,
  resolveSchema,
  type SchemaOptions,
} from '@jobsweep/core';
import { Cron } from 'croner';
import type { Words } from '../../words/words.js';
import { pageAccess } from './page-access.js';
import type { ConfigProblem } from './problems.js';
import { storeOptionProblems } from './store-options.js';

/** Any object, of which nothing is known yet. */
type Section = Readonly<Record<string, unknown>>;

/** Mistakes that no single value shows: what must go together, and what must not. The shape may be wrong elsewhere. */
export function crossChecks(config: Section, env: NodeJS.ProcessEnv, words: Words['config']): ConfigProblem[] {
  return [
    ...connectionProblems(config, words),
    ...Object.entries(sectionOf(config.strategies)).flatMap(([name, value]) =>
      scheduleProblems(`strategies.${name}`, sectionOf(value), words),
    ),
    ...pageProblems(config, env, words),
    ...signProblems(config, words),
    ...storeProblems(config, words),
    ...ruleProblems(config, words),
  ];
}

function connectionProblems({ adapter, connection, store, open }: Section, words: Words['config']): ConfigProblem[] {
  if (open !== undefined) {
    return Object.entries({ adapter, connection, store })
      .filter(([, value]) => value !== undefined)
      .map(([path]) => ({ path, ...words.besideOpen }));
  }
  const problems: ConfigProblem[] = [];
  if (adapter === undefined) {
    problems.push({ path: 'adapter', problem: words.missing, fix: words.adapterOrOpen });
  }
  if (connection === undefined) {
    problems.push({ path: 'connection', problem: words.missing, fix: words.urlOf });
  }
  return problems;
}

function scheduleProblems(
  path: string,
  { cron, intervalSeconds, timeZone }: Section,
  words: Words['config'],
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (cron !== undefined && intervalSeconds !== undefined) {
    problems.push({ path: `${path}.cron`, ...words.besideInterval });
  }
  if (timeZone !== undefined && cron === undefined) {
    problems.push({ path: `${path}.timeZone`, ...words.withoutCron });
  }
  if (typeof timeZone === 'string' && !isTimeZone(timeZone)) {
    problems.push({ path: `${path}.timeZone`, problem: words.is(`'${timeZone}'`), fix: words.timeZone });
  }
  if (typeof cron === 'string' && !isCron(cron)) {
    problems.push({ path: `${path}.cron`, problem: words.is(`'${cron}'`), fix: words.cronAtNight });
  }
  return problems;
}

/** What the adapter would throw for mapping and filters, beside its own options. */
function storeProblems({ adapter, store }: Section, words: Words['config']): ConfigProblem[] {
  const { schema, filters, ...own } = sectionOf(store);
  const problems = typeof adapter === 'string' ? storeOptionProblems(adapter, own, words) : [];
  return [
    ...problems,
    ...thrownBy('store.schema', words, () => resolveSchema(schema as SchemaOptions | undefined)),
    ...thrownBy('store.filters', words, () => {
      const { id } = resolveSchema(schema as SchemaOptions | undefined).jobs.columns;
      return resolveFilters(filters as FilterOptions | undefined, { key: id });
    }),
  ];
}

/** A page that strangers could look at, or whose token stands where others read it. */
function pageProblems({ http }: Section, env: NodeJS.ProcessEnv, words: Words['config']): ConfigProblem[] {
  const { token } = sectionOf(http);
  const problems: ConfigProblem[] = [];
  if (pageAccess(sectionOf(http)) === 'unsafe') problems.push({ path: 'http.page', ...words.unsafePage });
  // Whether the config names the variable, or is a program that reads it.
  if (typeof token === 'string' && !Object.values(env).includes(token)) {
    problems.push({ path: 'http.token', ...words.literalToken });
  }
  return problems;
}

/** A strategy that looks at signs of life, where none is mapped; of a store that the config makes itself nobody knows. */
function signProblems({ store, open, strategies }: Section, words: Words['config']): ConfigProblem[] {
  const { silentMinutes } = sectionOf(sectionOf(strategies).stuck_job_cleanup);
  const { ageColumn } = sectionOf(sectionOf(store).filters);
  if (silentMinutes === undefined || ageColumn !== undefined || open !== undefined) return [];
  return [{ path: 'strategies.stuck_job_cleanup.silentMinutes', ...words.withoutSign }];
}

/**
 * Strategies that look at what is not mapped. What entities and models say nobody knows here, nor what a store of the config's own
 * does.
 */
function ruleProblems({ store, open, strategies }: Section, words: Words['config']): ConfigProblem[] {
  const { schema, filters, entities, models } = sectionOf(store);
  if ([entities, models, open].some((each) => each !== undefined)) return [];
  const given = sectionOf(strategies);
  const { settleSeconds } = sectionOf(given.completed_job_cleanup);
  const { jobStates, requeue } = sectionOf(given.stale_reservation_cleanup);
  const { requeue: ofStuck } = sectionOf(given.stuck_job_cleanup);
  const { requeue: ofWaiting } = sectionOf(given.waiting_job_cleanup);
  const { maxAgeDays = 30 } = sectionOf(given.old_job_cleanup);
  const rules = [
    { name: 'completed_job_cleanup', settleSeconds },
    { name: 'stale_reservation_cleanup', maxAgeMinutes: 10, jobStates, requeue },
    { name: 'stuck_job_cleanup', maxAgeHours: 48, requeue: ofStuck },
    ...(given.old_job_cleanup === undefined ? [] : [{ name: 'old_job_cleanup', maxAgeDays }]),
    ...(given.waiting_job_cleanup === undefined
      ? []
      : [{ name: 'waiting_job_cleanup', maxAgeDays: 7, requeue: ofWaiting }]),
  ] as Rule[];
  let mapped: Mapped;
  try {
    const resolved = resolveSchema(schema as SchemaOptions | undefined);
    const { id } = resolved.jobs.columns;
    mapped = new Mapped({
      schema: resolved,
      filters: resolveFilters(filters as FilterOptions | undefined, { key: id }),
    });
  } catch {
    // Which is told where the mapping is checked.
    return [];
  }
  return rules.flatMap((rule) =>
    thrownBy(`strategies.${rule.name}`, words, () => requireRule(new Rules(mapped), rule)),
  );
}

function thrownBy(path: string, words: Words['config'], check: () => unknown): ConfigProblem[] {
  try {
    check();
    return [];
  } catch (error) {
    // Anything else comes of a shape that is wrong, which the schema of the file has found as well.
    if (!isJobsweepError(error, 'INVALID_OPTION', 'INVALID_SCHEMA', 'UNSUPPORTED_SCHEMA')) return [];
    const [problem = '', ...fixes] = error.message.replace(/\.$/, '').split(/: (?=give|use|leave|name)|\. /);
    return [{ path, problem: words.unfit(problem), fix: fixes.join('. ') }];
  }
}

const sectionOf = (value: unknown): Section => (typeof value === 'object' && value !== null ? (value as Section) : {});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isCron(expression: string): boolean {
  try {
    new Cron(expression, { paused: true });
    return true;
  } catch {
    return false;
  }
}
