import { linksIn, singleValuesIn } from '../driver/condition.js';
import type { Mapped } from '../rules/mapped.js';
import type { Catalog, TableFacts } from './catalog.js';
import type { SchemaFinding } from './inspection.js';
import type { Look } from './look.js';
import type { MappedColumn, MappedTable } from './mapped-columns.js';
import { schemaFinding } from './schema-finding.js';
import type { SchemaMistake } from './schema-mistake.js';

/** Compares a mapping with the real tables by what the catalog says of them, which reads no row. */
export async function tableFindings(
  { catalog, facts: factsOf }: Look,
  tables: readonly MappedTable[],
  mapped: Mapped,
): Promise<SchemaFinding[]> {
  const found: SchemaFinding[] = [];
  for (const each of tables) {
    const facts = await factsOf(each.table);
    const about = facts === undefined ? await missing(catalog, each) : judged(catalog, each, facts, mapped);
    found.push(...(each.name === 'archive' ? about.map(ofPurge) : about));
  }
  return found;
}

const ofPurge = (finding: SchemaFinding): SchemaFinding => ({ ...finding, strategies: ['old_job_cleanup'] });

async function missing(catalog: Catalog, { name: option, path, table }: MappedTable): Promise<SchemaFinding[]> {
  // That an archive is missing is said with what it is missing for.
  if (option === 'archive') return [];
  const { holder: what } = catalog;
  const { name } = table;
  const existing = await catalog.names(table);
  // A collection is made with its first document, so that of the allocations may well be missing before there is one.
  const isLater = what === 'collection' && option === 'allocations' && !existing.some((other) => isNearly(other, name));
  return isLater ? [] : [schemaFinding(path, { kind: 'missing', what, name, existing })];
}

function judged(catalog: Catalog, mapped: MappedTable, facts: TableFacts, whole: Mapped): SchemaFinding[] {
  const found = [
    ...holderFindings(catalog, mapped, facts),
    ...mapped.columns.flatMap((column) => columnFindings(catalog, mapped, column, facts)),
  ];
  const { idPath } = mapped;
  if (idPath === undefined || facts.isView || found.some(({ path }) => path === idPath)) return found;
  return [...found, ...idFindings(catalog, mapped, idPath, facts, whole)];
}

function holderFindings(
  { holder: what }: Catalog,
  { name: option, path, table: { name } }: MappedTable,
  { unwritable, unsafeEngine, hidesRows = false }: TableFacts,
): SchemaFinding[] {
  const found: SchemaFinding[] = [];
  if (hidesRows) found.push({ ...schemaFinding(path, { kind: 'rowSecurity', table: name }), severity: 'warning' });
  // What is looked up only is never written.
  if (option === 'other') return found;
  if (unwritable !== undefined) found.push(schemaFinding(path, { kind: 'notWritable', what, name, type: unwritable }));
  if (unsafeEngine !== undefined)
    found.push(schemaFinding(path, { kind: 'storage', table: name, engine: unsafeEngine }));
  return found;
}

function columnFindings(
  catalog: Catalog,
  { table }: MappedTable,
  { path, column, kind, isWritten, isCount, strategy }: MappedColumn,
  { columns }: TableFacts,
): SchemaFinding[] {
  if (columns === undefined) return [];
  const facts = columns.get(column);
  const finding = (mistake: SchemaMistake): SchemaFinding => ({
    ...schemaFinding(path, mistake),
    ...(strategy && { strategies: [strategy] }),
  });
  if (facts === undefined)
    return [finding({ kind: 'column', table: table.name, column, existing: [...columns.keys()] })];
  const { type, isGenerated } = facts;
  const isOther = kind !== undefined && catalog.typeHolds(type, kind) === false;
  return [
    ...(isOther ? [finding({ kind: 'type', type, wanted: kind, ...(isCount && { isCount }) })] : []),
    ...(isGenerated && isWritten === true ? [finding({ kind: 'generated', column })] : []),
  ];
}

/**
 * A write names its rows by their id alone, so two rows with one id would both be written when one of them is due. Looks
 * for a key that rules this out: one of the id, or of the id and columns that the scope of jobs allows a single value. Rows
 * of other tables name a job by its id alone, whatever the scope is, so where there are such, only the former will do.
 */
function idFindings(
  { holder: what }: Catalog,
  { name: option, table }: MappedTable,
  idPath: string,
  { indexes }: TableFacts,
  mapped: Mapped,
): SchemaFinding[] {
  const { name, key } = table;
  const { filters, dependents, hasAllocations } = mapped;
  const { scope, exclude } = filters;
  const isNamed = hasAllocations || dependents.delete.length > 0;
  const looksElsewhere = [dependents.keep, scope, exclude].flatMap(linksIn).length > 0;
  const isOfJobs =
    (option === 'jobs' || table === mapped.archiveOf(mapped.jobs.rows)?.rows) && !isNamed && !looksElsewhere;
  const pinned = [...key, ...(isOfJobs ? singleValuesIn(scope) : [])];
  const keys = indexes.flatMap(({ unique }) => (unique === undefined ? [] : [unique]));
  if (keys.some((each) => each.every((part) => pinned.includes(part)))) return [];
  const whole = keys.find((each) => key.every((column) => each.includes(column))) ?? [];
  const scopedBy = isOfJobs ? whole.filter((part) => !pinned.includes(part)) : [];
  const mistake = { kind: 'notUnique', what, name, column: key.join(', '), key: whole, scopedBy } as const;
  return [schemaFinding(idPath, mistake)];
}

/** Whether two names are one but for capitals, separators and what one of them has more. */
function isNearly(other: string, name: string): boolean {
  const [one, two] = [other, name].map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')) as [string, string];
  const [shorter, longer] = one.length < two.length ? [one, two] : [two, one];
  return other !== name && shorter.length >= 4 && longer.includes(shorter);
}
