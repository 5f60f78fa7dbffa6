/** The tables in which deleted rows are kept, as `schema.archive` names them. */
export interface ArchiveTables {
  /**
   * The statements that make those that are missing, each of the shape that its table has now and with its key alone: SQL, or
   * lines for `mongosh`. None where the tables themselves are missing.
   */
  ddl(options?: { readonly signal?: AbortSignal | undefined }): Promise<string[]>;
  /** Makes what is missing, and only that. Returns the names of what it made. */
  create(options?: { readonly signal?: AbortSignal | undefined }): Promise<string[]>;
}
