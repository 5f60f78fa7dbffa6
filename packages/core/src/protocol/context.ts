import type { Driver, Tx } from '../driver/driver.js';
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
  { values: typed }: Pick<Driver<never>, 'values'>,
  mapping: Partial<MappedParts>,
  parts: Partial<ContextParts> = {},
): Context {
  const mapped = new Mapped({ schema: resolveSchema(), filters: resolveFilters(), ...mapping });
  const values = new Values(typed);
  const rules = parts.rules?.(mapped) ?? new Rules(mapped);
  return { mapped, rules, rows: parts.rows?.(rules, values) ?? new Rows(rules, values), values };
}
