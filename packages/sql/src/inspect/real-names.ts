import type { TableFacts } from '@jobsweep/core';
import type { TableName } from '../catalog.js';
import type { SqlLibrary } from '../library.js';

/** Names as the database has them, where the configuration of the user's library makes others of those that are mapped. */
export class RealNames {
  constructor(private readonly library: { readonly wrapIdentifier?: SqlLibrary<never>['wrapIdentifier'] }) {}

  of(name: string): string {
    return this.library.wrapIdentifier?.(name, (text) => text) ?? name;
  }

  ofTable({ schema, name }: TableName): TableName {
    return { schema: schema === undefined ? undefined : this.of(schema), name: this.of(name) };
  }

  /** What is known of a table, by the names of its columns that are mapped. */
  asMapped(facts: TableFacts, mapped: readonly string[]): TableFacts {
    const names = new Map(mapped.map((name) => [this.of(name), name]));
    const named = <Name extends string | null>(name: Name) => (name === null ? name : (names.get(name) ?? name));
    return {
      ...facts,
      ...(facts.columns && { columns: new Map([...facts.columns].map(([name, column]) => [named(name), column])) }),
      indexes: facts.indexes.map(({ columns, unique, only, ...index }) => ({
        ...{ ...index, columns: columns.map(named), unique: unique?.map(named) },
        ...(only !== undefined && { only: only && { ...only, column: named(only.column) } }),
      })),
    };
  }
}
