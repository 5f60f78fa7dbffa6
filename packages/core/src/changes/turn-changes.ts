import { type Key, keyText } from '../driver/exact.js';
import { invalidOption } from '../errors.js';
import { CHANGE_DIGITS } from '../service/own-columns.js';

/** Jobs of which it is known how their changes are named: more than one batch has, and what is finished after it. */
const KNOWN_JOBS = 10_000;

/** The changes of one turn, in the order in which they are made: what comes later has a greater id. */
export class TurnChanges {
  private last = 0;
  private readonly jobs = new Map<string, string>();

  constructor(readonly pass: string) {}

  /** The id of another change. */
  nextId(): string {
    this.last += 1;
    return idIn(this.pass, this.last);
  }

  /** Notes which change is that of a job. */
  noteJob(key: Key, id: string): void {
    const text = keyText(key);
    this.jobs.delete(text);
    this.jobs.set(text, id);
    const [oldest] = this.jobs.keys();
    if (this.jobs.size > KNOWN_JOBS && oldest !== undefined) this.jobs.delete(oldest);
  }

  /** The id of the last change of a job; `null`: this turn has made none. */
  ofJob(key: Key): string | null {
    return this.jobs.get(keyText(key)) ?? null;
  }
}

/** Digits alone, which every collation sorts alike. */
const idIn = (pass: string, number: number): string => `${pass}${String(number).padStart(CHANGE_DIGITS, '0')}`;

/** What all ids of a turn are between. */
export const rangeOf = (pass: string): { readonly first: string; readonly last: string } => ({
  first: idIn(pass, 0),
  last: `${pass}${'9'.repeat(CHANGE_DIGITS)}`,
});

/** Throws `INVALID_OPTION` for what is the id of no change. */
export function checkedId(id: string): string {
  if (/^[0-9a-f]{20}\d{12}$/.test(id)) return id;
  throw invalidOption('id', id, 'give the id of a row as it was read');
}
