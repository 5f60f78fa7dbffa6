import type { FilterOptions } from '@jobsweep/core';
import { isJobsweepError, resolveFilters, resolveSchema, type SchemaOptions } from '@jobsweep/core';
import { Cron } from 'croner';
import type { ConfigProblem } from './problems.js';
import { storeOptionProblems } from './store-options.js';

/** Any object, of which nothing is known yet. */
type Section = Readonly<Record<string, unknown>>;

/** Mistakes that no single value shows: what must go together, and what must not. The shape may be wrong elsewhere. */
export function crossChecks(config: Section): ConfigProblem[] {
  return [
    ...connectionProblems(config),
    ...Object.entries(sectionOf(config.strategies)).flatMap(([name, value]) =>
      scheduleProblems(`strategies.${name}`, sectionOf(value)),
    ),
    ...storeProblems(config),
  ];
}

function connectionProblems({ adapter, connection, store, open }: Section): ConfigProblem[] {
  if (open !== undefined) {
    return Object.entries({ adapter, connection, store })
      .filter(([, value]) => value !== undefined)
      .map(([path]) => ({ path, problem: 'stands beside open', fix: 'keep one of them: open makes the whole store' }));
  }
  const problems: ConfigProblem[] = [];
  if (adapter === undefined) {
    const fix = "give the name of an adapter package, such as '@jobsweep/repo-knex', or open";
    problems.push({ path: 'adapter', problem: 'is missing', fix });
  }
  if (connection === undefined) {
    problems.push({ path: 'connection', problem: 'is missing', fix: `give it a url, such as '\${PG_URL}'` });
  }
  return problems;
}

function scheduleProblems(path: string, { cron, intervalSeconds, timeZone }: Section): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (cron !== undefined && intervalSeconds !== undefined) {
    problems.push({ path: `${path}.cron`, problem: 'stands beside intervalSeconds', fix: 'keep one of them' });
  }
  if (timeZone !== undefined && cron === undefined) {
    problems.push({
      path: `${path}.timeZone`,
      problem: 'stands without cron',
      fix: 'give a cron expression, or drop it',
    });
  }
  if (typeof timeZone === 'string' && !isTimeZone(timeZone)) {
    const problem = `is '${timeZone}'`;
    problems.push({ path: `${path}.timeZone`, problem, fix: "give the name of a time zone, such as 'Europe/Berlin'" });
  }
  if (typeof cron === 'string' && !isCron(cron)) {
    const problem = `is '${cron}'`;
    problems.push({
      path: `${path}.cron`,
      problem,
      fix: "give a cron expression, such as '0 3 * * *' for three at night",
    });
  }
  return problems;
}

/** What the adapter would throw for mapping and filters, beside its own options. */
function storeProblems({ adapter, store }: Section): ConfigProblem[] {
  const { schema, filters, ...own } = sectionOf(store);
  const problems = typeof adapter === 'string' ? storeOptionProblems(adapter, own) : [];
  return [
    ...problems,
    ...thrownBy('store.schema', () => resolveSchema(schema as SchemaOptions | undefined)),
    ...thrownBy('store.filters', () => resolveFilters(filters as FilterOptions | undefined)),
  ];
}

function thrownBy(path: string, check: () => unknown): ConfigProblem[] {
  try {
    check();
    return [];
  } catch (error) {
    // Anything else comes of a shape that is wrong, which the schema of the file has found as well.
    if (!isJobsweepError(error, 'INVALID_OPTION', 'INVALID_SCHEMA')) return [];
    const [problem = '', ...fixes] = error.message.replace(/\.$/, '').split(/: (?=give|use|leave|name)|\. /);
    return [{ path, problem: `does not fit: ${problem}`, fix: fixes.join('. ') }];
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
