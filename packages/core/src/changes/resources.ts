import { not } from '../driver/condition.js';
import type { RelatedQuery, Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Context } from '../protocol/context.js';

/** Resources that one statement asks about, and rows that it gives. */
const ASKED = 200;
const PAGE_ROWS = 1000;

/** What allocations hold, and who holds it now. */
export class Resources {
  constructor(
    private readonly tx: Tx,
    private readonly context: Context,
  ) {}

  /** The columns that tell it; none: nobody knows. */
  get columns(): readonly string[] {
    return this.context.mapped.allocations.columns.resource;
  }

  /** What an allocation holds; `undefined`: the row does not say it. */
  of(row: Row): string | undefined {
    const key = this.keyOf(row);
    return key.includes(null) ? undefined : keyText(key);
  }

  /** The same where letters count for little: two that differ here are two for every database. */
  looselyOf(row: Row): string {
    const loose = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trimEnd();
    return keyText(this.keyOf(row).map((part) => part && loose(part)));
  }

  /** The keys, as texts, of those that are not released and hold what some allocations held, by what they hold. */
  async holdersOf(rows: readonly Row[]): Promise<Map<string, string>> {
    const asked = new Map(rows.map((row) => [this.of(row), row]));
    asked.delete(undefined);
    const all = [...asked.values()];
    const holders = new Map<string, string>();
    for (let from = 0; from < all.length; from += ASKED) await this.note(holders, all.slice(from, from + ASKED));
    return holders;
  }

  /** The database compares, since it is the one that would refuse a second holder: to some `N1` is `n1`. */
  private async note(holders: Map<string, string>, asked: readonly Row[]): Promise<void> {
    const resources = new Set(asked.map((row) => this.of(row)));
    const [first] = asked;
    let isUnclear = false;
    for await (const row of this.unreleased(asked.map((each) => this.keyOf(each)))) {
      const held = this.of(row);
      const meant = resources.has(held) || asked.length > 1 || first === undefined ? held : this.of(first);
      isUnclear ||= asked.length > 1 && !resources.has(held);
      holders.set(meant ?? '', keyText(row.key));
    }
    if (isUnclear) for (const row of asked) await this.note(holders, [row]);
  }

  private async *unreleased(parents: readonly Key[]): AsyncGenerator<Row> {
    const { mapped, rules } = this.context;
    const on = this.columns.map((column) => [column, column] as const);
    const query: RelatedQuery = {
      link: { to: mapped.allocations.rows, on, kind: 'children' },
      parents,
      where: not(rules.isReleased()),
      order: 'parentAndKey',
      columns: this.columns,
      limit: PAGE_ROWS,
    };
    let after: Row | undefined;
    do {
      const page = await this.tx.related({ ...query, after });
      yield* page;
      after = page.length === PAGE_ROWS ? page.at(-1) : undefined;
    } while (after !== undefined);
  }

  private keyOf({ columns }: Row): Key {
    return this.columns.map((column) => columns[column] ?? null);
  }
}
