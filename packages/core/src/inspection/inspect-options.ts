/** Ends a look at the database. */
export interface InspectOptions {
  readonly signal?: AbortSignal | undefined;
}
