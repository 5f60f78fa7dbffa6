import { lostRows } from '../archive/lost-rows.js';
import type { Driver } from '../driver/driver.js';
import { misfitsOf } from '../driver/shape.js';
import type { Mapped } from '../rules/mapped.js';
import type { SchemaFinding } from './inspection.js';
import type { Look } from './look.js';
import { schemaFinding } from './schema-finding.js';

/**
 * Archives that are missing, those that have no room for all columns of their table, and rows that would go past them. They
 * keep one strategy from its work.
 */
export async function archiveFindings<Session>(
  { catalog }: Pick<Look, 'catalog'>,
  mapped: Mapped,
  driver: Pick<Driver<Session>, 'cascades'>,
  reading: <Answer>(question: (session: Session) => Promise<Answer>) => Promise<Answer>,
): Promise<SchemaFinding[]> {
  if (mapped.archives.length === 0) return [];
  const found: SchemaFinding[] = [];
  for (const { path, of, rows } of mapped.archives) {
    const [columns, others] = [await catalog.shape?.(of), await catalog.shape?.(rows)];
    // What is wrong with the table itself is said elsewhere.
    if (columns === undefined || others === undefined || columns.length === 0) continue;
    const misfits = others.length === 0 ? null : misfitsOf(columns, others);
    if (misfits !== null && misfits.length === 0) continue;
    found.push(schemaFinding(path, { kind: 'archive', name: rows.name, of: of.name, misfits }));
  }
  for (const { table, known, columns, constraint, to } of await reading((session) =>
    lostRows(driver, mapped, session),
  )) {
    const mistake = { kind: 'cascade', table, columns, constraint, to, isJobs: known !== null } as const;
    found.push(schemaFinding('schema.dependents.delete', mistake));
  }
  return found.map((finding) => ({ ...finding, strategies: ['old_job_cleanup'] }));
}
