import type { DriverValues } from '../driver/driver.js';
import type { Exact, Key } from '../driver/exact.js';
import { keyText } from '../driver/exact.js';
import type { Table } from '../driver/table.js';
import { SHOWN_CHARACTERS } from '../driver/table.js';
import type { ColumnValue } from '../schema/conditions.js';
import type { States } from '../schema/states.js';

/** How exact values become what the port shows, and back. */
export class Values {
  constructor(private readonly typed: DriverValues | undefined) {}

  /** The key as the port's id: the bare value, or JSON array text where there are several columns. */
  idOf(key: Key): string {
    return key.length === 1 ? this.shown(key[0] ?? null) : JSON.stringify(key.map((exact) => this.shown(exact)));
  }

  shown(exact: Exact): string {
    return this.typed?.shown(exact) ?? exact ?? '';
  }

  /** The same as conditions have it: a text or a number. */
  rawOf(exact: Exact): ColumnValue {
    return exact === null ? null : (this.typed?.raw(exact) ?? this.shown(exact));
  }

  /** Notes in a version what it has to keep of a key besides its id; nothing where the id says it all. */
  keep(version: Record<string, Exact>, name: string, key: Key): void {
    if (this.typed !== undefined) version[name] = keyText(key);
  }

  /** The keys that a row may have: one, or of a row made by hand each that looks like its id. */
  keysOf(table: Table, id: string, exact: string | null | undefined): readonly Key[] {
    if (table.key.length > 1) return keyOfSeveral(table.key.length, exact ?? id);
    if (exact != null) return [[exact]];
    return this.typed?.keys(table, id) ?? [[id]];
  }

  /** The known state of an exact value, where a value tells it; `undefined` for one that nobody mapped. */
  known<State extends string>(codec: States<State>, exact: Exact): State | undefined {
    if (this.typed === undefined) return codec.known(exact);
    const raw = this.typed.raw(exact);
    const state = codec.known(raw);
    return state !== undefined && raw !== null && codec.rawOf(state).includes(raw) ? state : undefined;
  }

  /** A text that is only shown: cut where there is more of it, with a mark. */
  text(exact: Exact): string | null {
    if (exact === null) return null;
    const text = this.shown(exact);
    const characters = text.length > SHOWN_CHARACTERS ? [...text] : [];
    return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join('')}…` : text;
  }
}

/** The key that is written as a JSON array of so many texts, as `idOf` writes it; none where it is something else. */
function keyOfSeveral(columns: number, text: string): readonly Key[] {
  const key = parsed(text);
  const isKey = Array.isArray(key) && key.length === columns && key.every((part) => typeof part === 'string');
  return isKey && JSON.stringify(key) === text ? [key] : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
