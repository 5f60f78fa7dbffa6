import type { Driver, Tx } from '../driver/driver.js';
import { JobsweepError } from '../errors.js';
import { Mapped, type MappedParts } from '../rules/mapped.js';
import { Rows } from '../rules/rows.js';
import { Rules } from '../rules/rules.js';
import { Values } from '../rules/values.js';
import { resolveSchema } from '../schema/resolve.js';
import { resolveFilters } from '../schema/resolve-filters.js';

/** What every operation is made of. */
export interface Context {
  readonly mapped: Mapped;
  readonly rules: Rules;
  readonly rows: Rows;
  readonly values: Values;
}

/** What may differ from the standard, in tests that prove that each rule is tested. */
export interface ContextParts {
  readonly rules: (mapped: Mapped) => Rules;
  readonly rows: (rules: Rules, values: Values) => Rows;
  /** @param session what the transaction was opened on. */
  readonly tx: (tx: Tx, session: unknown) => Tx;
}

export function contextOf(
  driver: Pick<Driver<never>, 'values' | 'borrows'>,
  mapping: Partial<MappedParts>,
  parts: Partial<ContextParts> = {},
): Context {
  const mapped = new Mapped({ schema: resolveSchema(), filters: resolveFilters(), ...mapping });
  requireBorrowing(driver, mapped);
  const values = new Values(driver.values);
  const rules = parts.rules?.(mapped) ?? new Rules(mapped);
  return { mapped, rules, rows: parts.rows?.(rules, values) ?? new Rows(rules, values), values };
}

function requireBorrowing(
  { borrows = false }: Pick<Driver<never>, 'borrows'>,
  { schema: { allocations } }: Mapped,
): void {
  if (borrows || allocations === null || allocations.via === null) return;
  const message =
    `schema.allocations.via is '${allocations.via.table}', and this database reads each row by itself. ` +
    'Keep the id of the job in the allocations, and name it in schema.allocations.columns.jobId.';
  throw new JobsweepError('UNSUPPORTED_SCHEMA', message);
}
