/** One of jobsweep's own tables, as it is. */
export interface OwnTableState {
  /** Its name, with its schema where one is set. */
  readonly table: string;
  readonly exists: boolean;
  /** What is wrong with a table that exists, such as a missing column; `null`: nothing. */
  readonly problem: string | null;
}

/** The tables that jobsweep makes for itself: `jobsweep_claims`, `jobsweep_history` and `jobsweep_changes`. */
export interface OwnTables {
  /** The statements that make them where they are missing, to read or to run by hand: SQL, or lines for `mongosh`. */
  readonly ddl: readonly string[];
  /** Makes what is missing, and only that; several may do it at once. Returns the names of what it made. */
  create(options?: { readonly signal?: AbortSignal | undefined }): Promise<string[]>;
  /** How each of them is. None: the adapter makes no tables. */
  state(options?: { readonly signal?: AbortSignal | undefined }): Promise<OwnTableState[]>;
}
