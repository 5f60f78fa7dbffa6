import {
  type JobReference,
  linkNames,
  linksIn,
  type MappedParts,
  plainName,
  type Table,
  withNested,
} from '@jobsweep/core';
import type { ServerCatalog, TableName } from '../catalog.js';
import type { SqlSession } from '../library.js';

/** Rows that are deleted with rows that are deleted with a job, and so on: not further than this. */
export const MAX_CASCADES = 5;

/** What points at the jobs table, at what is deleted with a job, or looks like it. See `JobReference`. */
export async function jobReferences(
  session: SqlSession,
  catalog: ServerCatalog,
  mapping: Pick<MappedParts, 'schema' | 'filters'>,
): Promise<JobReference[]> {
  const { jobs } = mapping.schema;
  const found: JobReference[] = [];
  const pointing = new Set<string>();
  // A table may point there by several keys, of which a later one cascades.
  const followed = new Set([jobs.table]);
  let targets: readonly (TableName & { readonly through?: string })[] = [{ schema: jobs.schema, name: jobs.table }];
  let home = '';
  for (let depth = 0; depth < MAX_CASCADES && targets.length > 0; depth += 1) {
    const cascading: (TableName & { readonly through: string })[] = [];
    for (const { through, ...target } of targets) {
      const { schema, keys } = await catalog.foreignKeys(session, target);
      if (depth === 0) home = schema;
      for (const { table, to: _to, ...key } of keys) {
        const name = shownName(table, home);
        found.push({ ...key, table: name, mappedAs: mappedAs(mapping, table, home), ...(through && { through }) });
        pointing.add(name);
        if (key.onDelete !== 'cascades' || followed.has(name)) continue;
        followed.add(name);
        cascading.push({ ...table, through: name });
      }
    }
    targets = cascading;
  }
  return [...found, ...(await lookalikes(session, catalog, mapping, home, pointing))];
}

/** Columns that are named like a link to jobs, of tables in the schema of jobs of which nobody says what they are. */
async function lookalikes(
  session: SqlSession,
  catalog: ServerCatalog,
  mapping: Pick<MappedParts, 'schema' | 'filters'>,
  home: string,
  known: ReadonlySet<string>,
): Promise<JobReference[]> {
  const { jobs } = mapping.schema;
  const isArchive = ({ schema, name }: TableName) =>
    mapping.schema.archive?.some((each) => each.name === name && (each.schema ?? home) === schema);
  const rows = await session.run(catalog.columnsNamed(jobs.schema, linkNamesOf(mapping)));
  return rows.flatMap(({ tname, cname }): JobReference[] => {
    const table = { schema: home, name: tname ?? '' };
    const isJobs = table.name === jobs.table;
    if (isJobs || known.has(table.name) || isArchive(table) || mappedAs(mapping, table, home) !== null) return [];
    const columns = [cname ?? ''];
    return [{ table: table.name, columns, constraint: null, onDelete: 'nothing', isIndexed: true, mappedAs: null }];
  });
}

/** What a column may be called that holds the key of a job, also as the allocations have it. */
function linkNamesOf({ schema: { jobs, allocations } }: Pick<MappedParts, 'schema'>): string[] {
  const mapped = allocations?.columns.jobId.length === 1 ? allocations.columns.jobId.map(plainName) : [];
  return [...new Set([...linkNames(jobs.table, jobs.columns.id), ...mapped])];
}

/** With its schema, where that is another one. */
export const shownName = ({ schema, name }: TableName, home: string): string =>
  schema === home ? name : `${schema}.${name}`;

function mappedAs(
  { schema: { allocations, dependents }, filters }: Pick<MappedParts, 'schema' | 'filters'>,
  { schema, name }: TableName,
  home: string,
): JobReference['mappedAs'] {
  const isIt = (table: Pick<Table, 'schema' | 'name'>) => name === table.name && schema === (table.schema ?? home);
  if (allocations !== null && isIt({ schema: allocations.schema, name: allocations.table })) return 'allocations';
  const lookedUp = [dependents.keep, filters.exclude].flatMap(linksIn).map(({ exists }) => exists.to);
  return [...withNested(dependents.delete).map(({ link }) => link.to), ...lookedUp].some(isIt) ? 'dependents' : null;
}
