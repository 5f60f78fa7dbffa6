import type { Logger } from '@jobsweep/core';

/** Who may see the page, and where it is. One of `authorize` and `token` is required. */
export interface DashboardOptions {
  /** Whether a request may see the data. It is asked for each one; the page's own program and style have no data in them. */
  readonly authorize?: (request: Request) => boolean | Promise<boolean>;
  /**
   * What a request has to send as `Authorization: Bearer ...`: 16 to 1024 printable ASCII characters; in a browser the page asks for it, and
   * keeps it until the tab is closed. Compared in constant time.
   */
  readonly token?: string;
  /** Names of hosts that requests may ask, beside `localhost` and addresses in numbers: others are refused. Default: any. */
  readonly hosts?: readonly string[];
  /** The path that it is mounted at. Default: `/`. */
  readonly path?: string;
  /** How often what is due is counted while somebody looks, 5 to 86400. Default: 60. */
  readonly countEverySeconds?: number;
  /** Gets what goes wrong in an answer. Default: silent. */
  readonly logger?: Logger;
}
