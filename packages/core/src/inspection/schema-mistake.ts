import type { Misfit } from '../driver/shape.js';
import type { TimeCodec } from '../schema/mapping.js';
import type { ColumnKind } from './column-kind.js';

/** What holds rows: a table of a SQL database, or a collection. */
type Holder = 'table' | 'collection';

/** What does not fit between the mapping and the real tables, in a form that can be put into words. */
export type SchemaMistake =
  | { readonly kind: 'missing'; readonly what: Holder; readonly name: string; readonly existing: readonly string[] }
  | { readonly kind: 'column'; readonly table: string; readonly column: string; readonly existing: readonly string[] }
  | {
      readonly kind: 'type';
      readonly type: string;
      readonly wanted: ColumnKind;
      /** Whether it is counted up. Absent: it is not. */
      readonly isCount?: boolean;
    }
  | {
      readonly kind: 'notUnique';
      readonly what: Holder;
      readonly name: string;
      /** The mapped column, or the mapped ones. */
      readonly column: string;
      /** A key of the table that they are part of; empty: there is none. */
      readonly key: readonly string[];
      /** The others of it, which a scope with one value of each would make up for. Empty where there is no scope. */
      readonly scopedBy: readonly string[];
    }
  | { readonly kind: 'notWritable'; readonly what: Holder; readonly name: string; readonly type: string }
  /** The database makes its value of other columns. */
  | { readonly kind: 'generated'; readonly column: string }
  /** Two keys of `key` may be one to the column that names them: its collation, or its type, takes them for one. */
  | { readonly kind: 'equates'; readonly column: string; readonly by: string; readonly key: string }
  /** The type of a column, and that of the one that it names, do not compare. */
  | {
      readonly kind: 'linkType';
      readonly column: string;
      readonly type: string;
      readonly key: string;
      readonly keyType: string;
    }
  /** Rows with a value of it are not found again by that value. */
  | { readonly kind: 'group'; readonly column: string; readonly type: string }
  | { readonly kind: 'field'; readonly collection: string; readonly field: string; readonly documents: number }
  | {
      readonly kind: 'value';
      readonly type: string;
      readonly wanted: TimeCodec;
      /** A number that is of the other unit of time, by its size. */
      readonly number?: { readonly value: number; readonly looksLike: 'seconds' | 'milliseconds' };
    }
  /** A text that is not in order as its time is, or none: its beginning. */
  | { readonly kind: 'isoText'; readonly value: string }
  | { readonly kind: 'link'; readonly links: readonly string[]; readonly ids: readonly string[] }
  /** So many of the newest values of a time, of those that were looked at, lie ahead of the database's clock. */
  | { readonly kind: 'ahead'; readonly rows: number; readonly ahead: number }
  /** The server keeps some rows from this user. */
  | { readonly kind: 'rowSecurity'; readonly table: string }
  /** Its storage engine has no transactions. */
  | { readonly kind: 'storage'; readonly table: string; readonly engine: string }
  /** Several nodes of a cluster take writes, and each knows its own locks alone. `nodes`: `null` where it is not told. */
  | {
      readonly kind: 'writers';
      readonly cluster: 'Galera' | 'Group Replication';
      readonly nodes: number | null;
    }
  /** Where deleted rows of a table are kept: it is missing, or has no room for some columns. */
  | {
      readonly kind: 'archive';
      readonly name: string;
      readonly of: string;
      /** `null`: it is missing. */
      readonly misfits: readonly Misfit[] | null;
    }
  /** Rows of a table go with rows of another one by a foreign key, and are not archived. */
  | {
      readonly kind: 'cascade';
      readonly table: string;
      readonly columns: readonly string[];
      readonly constraint: string;
      readonly to: string;
      /** Whether these are jobs, which no mapping makes go with others. */
      readonly isJobs: boolean;
    }
  | { readonly kind: 'fence'; readonly field: string; readonly type: string };

/** How a mistake is put into words. */
export interface MistakeWords {
  readonly problem: string;
  readonly fix: string;
}

/** Where a mistake is, as whoever is told writes it, and the name that was probably meant. */
export interface MistakeAt {
  /** `schema.jobs.columns.state`; the command's config has `store.` before it. */
  readonly option: string;
  readonly meant?: string | undefined;
}

/** A function for each kind of mistake, so that none is forgotten in a language. */
export type MistakeTexts = {
  readonly [Kind in SchemaMistake['kind']]: (
    mistake: Extract<SchemaMistake, { kind: Kind }>,
    at: MistakeAt,
  ) => MistakeWords;
};
