import type { CleanupStore } from './store.js';

/** How the command line reaches a database. */
export interface ConnectionOptions {
  /** `postgres://...`, `mysql://...`, `mariadb://...` or `mongodb://...`: what the adapter can. */
  readonly url: string;
  /** Connections at most. Default: 5. */
  readonly poolSize?: number;
}

/** A store on connections of its own. */
export interface OpenedStore<Session> {
  readonly store: CleanupStore<Session>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** What an adapter package exports for the `jobsweep` command, beside its factory for people who have a connection. */
export interface AdapterModule<Session = unknown, StoreOptions = unknown> {
  /**
   * Opens connections and a store on them. Whether the server can be reached shows with the first statement. Throws
   * `INVALID_OPTION` for a URL of another database, without repeating its password, and whatever the factory throws.
   */
  openStore(connection: ConnectionOptions, options?: StoreOptions): Promise<OpenedStore<Session>>;
}
