import type { Table } from '../driver/table.js';
import type { Mapped } from '../rules/mapped.js';
import { usesOf } from '../rules/uses.js';
import { CLAIM_COLUMNS } from '../service/own-columns.js';
import type { OwnTableSet } from '../service/own-names.js';
import type { StrategyName } from '../strategies/names.js';
import { type Rule, ruleName } from '../strategies/rule.js';

/** What is done to rows. `rely`: they are locked, or where that is found at the commit, changed in a way that others are told. */
export type Deed = 'read' | 'insert' | 'update' | 'delete' | 'lock' | 'rely';

/** Something that a user has to be allowed. */
export interface Need {
  readonly table: Table;
  readonly deed: Deed;
  /** The strategies that want it. */
  readonly strategies: readonly StrategyName[];
  /** The same of each column. For locks one on which nothing depends. Absent: of the whole table. */
  readonly columns?: ReadonlyMap<string, readonly StrategyName[]>;
}

/** What strategies do, and where they use jobsweep's own tables what is done to these: each deed on a table once. */
export function needsOf(mapped: Mapped, rules: readonly (StrategyName | Rule)[], own: OwnTableSet | undefined): Need[] {
  const strategies = rules.map(ruleName);
  const needs = new Map<string, Need>();
  const add = (table: Table, deed: Deed, by: readonly StrategyName[], columns?: readonly string[]) => {
    const key = JSON.stringify([table.schema, table.name, deed]);
    const { strategies: before = [], columns: known } = needs.get(key) ?? {};
    // What is wanted of the whole table is wanted of each column.
    const isWhole = columns === undefined || (needs.has(key) && known === undefined);
    const of = new Map(known);
    for (const column of columns ?? []) of.set(column, [...new Set([...(of.get(column) ?? []), ...by])]);
    needs.set(key, {
      ...{ table, deed, strategies: [...new Set([...before, ...by])] },
      ...(!isWhole && { columns: of }),
    });
  };
  for (const rule of rules) {
    const strategy = ruleName(rule);
    for (const { table, reads, writes, deletes, copies, inserts, holds } of usesOf(mapped, rule)) {
      // Where changes are kept, what is written over is read before.
      const read = own === undefined ? reads : [...reads, ...writes];
      add(table, 'read', [strategy], copies ? undefined : read);
      if (inserts) add(table, 'insert', [strategy]);
      if (writes.length > 0) add(table, 'update', [strategy], writes);
      if (deletes) add(table, 'delete', [strategy]);
      if (holds !== null) add(table, holds.isRelied ? 'rely' : 'lock', [strategy], [holds.column]);
    }
  }
  if (own !== undefined) {
    add(own.claims, 'read', strategies);
    add(own.claims, 'insert', strategies);
    add(own.claims, 'update', strategies, TURN_COLUMNS);
    // What they say is deleted when it is old enough.
    for (const deed of ['read', 'insert', 'delete'] as const) {
      add(own.history, deed, strategies);
      add(own.changes, deed, strategies);
    }
    add(own.changes, 'update', strategies, ['undone_at']);
  }
  return [...needs.values()];
}

/** Those that tell a turn from others never change. */
const NAMES: readonly string[] = ['id', 'config', 'strategy'] satisfies (keyof typeof CLAIM_COLUMNS)[];
const TURN_COLUMNS = Object.keys(CLAIM_COLUMNS).filter((column) => !NAMES.includes(column));
