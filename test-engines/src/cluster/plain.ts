import type { ColumnType } from './columns.js';

/** A connection of the plain driver, with what the words of its database are. */
export interface Plain {
  /** Runs a statement with `?` for its values. Rows come as text. */
  query(statement: string, values?: readonly unknown[]): Promise<Record<string, string | null>[]>;
  /** Runs a statement that changes rows, and gives how many it found to change. */
  change(statement: string, values?: readonly unknown[]): Promise<number>;
  /** A name of a table or column, whatever letters it has. */
  quoted(name: string): string;
  /** What makes a table of the columns and keys of another one. */
  likeTable(quoted: string): string;
  /** A time column as ISO 8601 in UTC with microseconds. */
  timeText(column: string): string;
  /** ISO 8601 in UTC as a value for a time column. */
  timeValue(iso: string): string;
  /** The server's clock, as a time column takes it. */
  readonly now: string;
  /** Whether an error is a foreign key that forbids what was tried. */
  isRefusal(error: unknown): boolean;
  /** Whether an error is a conflict with others that ended the transaction. */
  isConflict(error: unknown): boolean;
  /** The types of columns, by what they hold; `caseless` is text in which `a` is `A`. */
  readonly types: Readonly<Record<ColumnType, string>>;
  /** What has to be there before a table has a `caseless` column. */
  readonly forCaseless?: string;
  /** Whether the connection with this id waits for a lock. */
  isWaiting(id: string): Promise<boolean>;
  /** The connection's id on the server. */
  id(): Promise<string>;
  close(): Promise<void>;
}
