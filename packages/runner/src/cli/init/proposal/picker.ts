import type { SurveyedColumn, SurveyedTable, SurveyedValues } from '@jobsweep/core';
import { FAMILIES, type Family } from './defaults.js';
import type { Line, Reason } from './lines.js';
import { guessTime } from './times.js';

/** What is known of a database, and what people have said of it. */
export interface Sources {
  readonly family: Family;
  /** The values of a column, where they were asked for. */
  readonly values: (table: SurveyedTable, column: string) => SurveyedValues | undefined;
  /** Columns that somebody has named, by where they go; `null`: there is none. */
  readonly named: ReadonlyMap<string, string | null>;
  /** The zone of times that have none. */
  readonly timeZone: string | undefined;
}

/** How a column comes to a line. */
interface Wanted {
  readonly path: string;
  /** Columns that are like it, the likeliest first. */
  readonly like: readonly SurveyedColumn[];
}

/** Picks columns of one table, none of them twice. */
export class Picker {
  private readonly used = new Set<string>();

  constructor(
    readonly table: SurveyedTable,
    private readonly sources: Sources,
  ) {}

  /** Takes columns, so that no other line gets them. */
  take(...names: readonly string[]): void {
    for (const name of names) this.used.add(name);
  }

  /** A line with a column, if there is one. */
  column({ path, like }: Wanted, option: (column: SurveyedColumn) => unknown = ({ name }) => name): Line | undefined {
    for (const { column, reason } of this.choices(path, like)) {
      this.take(column.name);
      return { path, value: option(column), reasons: [reason] };
    }
    return undefined;
  }

  /** The same with a time, in the way its column keeps it. */
  time({ path, like }: Wanted): Line | undefined {
    const { family, values, timeZone } = this.sources;
    const { defaultCodec } = FAMILIES[family];
    for (const { column, reason } of this.choices(path, like)) {
      const guessed = guessTime(column, values(this.table, column.name), { defaultCodec, timeZone });
      if (guessed === undefined) continue;
      this.take(column.name);
      return { path, value: guessed.option, reasons: [reason, guessed.reason] };
    }
    return undefined;
  }

  /** Whether somebody has said that there is none. */
  isSaidToBeNone = (path: string): boolean => this.sources.named.get(path) === null;

  /** What somebody has named, or else the one of jobsweep's own name for it, or else what is like it. */
  private choices(path: string, like: readonly SurveyedColumn[]): { column: SurveyedColumn; reason: Reason }[] {
    const { named, family } = this.sources;
    const name = named.get(path);
    if (name === null) return [];
    const of = (wanted: string | undefined) => this.table.columns.find((column) => column.name === wanted);
    const said = of(name);
    if (said !== undefined) return [{ column: said, reason: { kind: 'given' } }];
    const usual = like.find((column) => column.name === FAMILIES[family].defaults[path]);
    const others = like.filter((column) => column !== usual).map((column) => ({ column, reason: NAME_LIKE }));
    const all = [...(usual === undefined ? [] : [{ column: usual, reason: DEFAULT }]), ...others];
    return all.filter(({ column }) => !this.used.has(column.name));
  }
}

const NAME_LIKE: Reason = { kind: 'nameLike' };
const DEFAULT: Reason = { kind: 'default' };
