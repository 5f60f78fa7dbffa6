import { type Key, keyText, type Locked, type RelatedQuery, type Row } from '@jobsweep/core';
import type { Reading } from './selected.js';
import { SqlTx } from './sql-tx.js';

/** Where one row that others hold has a whole lock refused: rows are halved until those are found, and left out. */
export class NowaitTx extends SqlTx {
  override async lock(...[table, keys, selection, where, mode]: Parameters<SqlTx['lock']>): Promise<Locked> {
    const lock = (some: readonly Key[]) => this.read(this.statements.lock(table, some, selection, where, mode));
    const { rows, refused } = await this.halved(keys, lock);
    if (refused.length === 0) return { rows, held: [] };
    const held = await this.read(this.statements.byKeys(table, refused, { columns: [] }, where));
    return { rows, held: held.map(({ key }) => key) };
  }

  /** Rows are found before they are locked, since a limit would be reached with those that are refused. */
  override async lockRelated(query: RelatedQuery): Promise<Locked> {
    const links = query.link.on.map(([, to]) => to);
    const columns = [...new Set([...query.columns, ...links])];
    const rows: Row[] = [];
    const held = new Map<string, Key>();
    for (let { after } = query; ; ) {
      const limit = query.limit - rows.length;
      const page = await this.related({ ...query, columns, order: 'parentAndKey', after, limit });
      const again = { ...query, columns, order: 'parentAndKey', after: undefined } as const;
      const lock = (some: readonly Key[]) => this.read(this.statements.lockRelated(again, some));
      const { rows: locked, refused } = await this.halved(
        page.map(({ key }) => key),
        lock,
      );
      rows.push(...locked);
      const isRefused = new Set(refused.map(keyText));
      for (const row of page.filter(({ key }) => isRefused.has(keyText(key)))) {
        const parent = links.map((column) => row.columns[column] ?? null);
        held.set(keyText(parent), parent);
      }
      if (page.length < limit || rows.length === query.limit) return { rows, held: [...held.values()] };
      after = page.at(-1);
    }
  }

  protected override async locked(reading: Reading): Promise<Row[]> {
    try {
      return await this.read(reading);
    } catch (error) {
      if (this.how.isRefused(error)) return [];
      throw error;
    }
  }

  /** Locks what can be locked of some rows. A statement that is refused undoes itself alone. */
  private async halved(
    keys: readonly Key[],
    lock: (some: readonly Key[]) => Promise<Row[]>,
  ): Promise<{ rows: Row[]; refused: readonly Key[] }> {
    if (keys.length === 0) return { rows: [], refused: [] };
    try {
      return { rows: await lock(keys), refused: [] };
    } catch (error) {
      if (!this.how.isRefused(error)) throw error;
      if (keys.length === 1) return { rows: [], refused: keys };
    }
    const middle = Math.ceil(keys.length / 2);
    const first = await this.halved(keys.slice(0, middle), lock);
    const second = await this.halved(keys.slice(middle), lock);
    return { rows: [...first.rows, ...second.rows], refused: [...first.refused, ...second.refused] };
  }
}
