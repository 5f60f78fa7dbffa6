export interface StartOptions {
  /** Keep fsync on, as a production server does. Off by default: tests need speed, not durability. */
  readonly durable?: boolean;
  /** Leave the server running when this process ends. By default it ends too, even when this process is killed. */
  readonly keep?: boolean;
  /** Server settings, such as `{ timezone: 'Asia/Tokyo' }`. A server that the environment names does not get them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Gives up the start. */
  readonly signal?: AbortSignal | undefined;
}

export interface OwnOptions extends StartOptions {
  /** Keep the data when the server ends, for another start; `startOwn` does. */
  readonly stays?: boolean;
  /** The folder that gets the server's own folder, which the servers' user can reach. Default: the temporary one. */
  readonly parent?: string;
  /** Data to begin with in place of an empty server's: the data folder of a server that was stopped or killed, copied. */
  readonly copyOf?: string;
  /** Files to write into the data folder before the start, by name: `{ 'standby.signal': '' }`. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface EngineServer {
  /** Connects as a user who may create databases. */
  readonly url: string;
  /** As the server says it: `18.4`, `10.11.18-MariaDB`. Of MongoDB with the product, which may be another one. */
  readonly version: string;
  /** Where it comes from: the environment variable that names it, or where its program was found. */
  readonly source: string;
  /** The server's main process; only of a server that was started. */
  readonly pid?: number;
  /** Only of a server that was started. */
  readonly dataDir?: string;
  /** Ends a server that was started and deletes its data; does nothing to one of the environment. May be repeated. */
  stop(): Promise<void>;
}

/** A server that was started here, whatever the environment names. */
export interface OwnServer extends EngineServer {
  /** That of the last start. */
  readonly pid: number;
  readonly dataDir: string;
  hasEnded(): boolean;
  /** Ends it as a machine that is switched off: what it had not written is lost, and its data stays. */
  kill(): Promise<void>;
  /** Starts it again once it has ended, by `kill` or by itself, on the same data and the same port. */
  restart(): Promise<void>;
}

/** One kind of database server. */
export interface Engine {
  readonly title: string;
  /** The environment variable that names a server of the user's. */
  readonly variable: string;
  /** The server to work with: the one that the environment names, else a new one of our own. */
  start(options: StartOptions): Promise<EngineServer>;
  /** A new one of our own, whatever the environment names. */
  startOwn(options: OwnOptions): Promise<OwnServer>;
  /** Names the server that `start` would give, or throws the error that it would throw, without a start. */
  describe(): Promise<string>;
}
