import { groupColumn } from '../rules/group-column.js';
import type { Mapped } from '../rules/mapped.js';
import type { SchemaFinding } from './inspection.js';
import type { Look } from './look.js';
import { schemaFinding } from './schema-finding.js';

/** A column whose values make no groups, of which the newest jobs were to stay: nothing would ever be deleted. */
export async function groupFindings({ catalog, facts }: Look, mapped: Mapped): Promise<SchemaFinding[]> {
  const column = groupColumn(mapped);
  if (column === null) return [];
  const { type } = (await facts(mapped.jobs.rows))?.columns?.get(column) ?? {};
  if (type === undefined || !catalog.typeIsInexact(type)) return [];
  const path = `filters.keepNewest.per${mapped.filters.keepNewest?.per === 'name' ? '' : '.column'}`;
  return [{ ...schemaFinding(path, { kind: 'group', column, type }), strategies: ['old_job_cleanup'] }];
}
