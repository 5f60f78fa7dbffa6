import type {
  AllocationWithJob,
  CleanupRow,
  CleanupStore,
  FilterOptions,
  Job,
  KeptChanges,
  Locale,
  LogLevel,
  Pacing,
  RepairHooks,
  RequeueOption,
  ResourceAllocation,
  SchemaOptions,
  StaleJobState,
} from '@jobsweep/core';
import type { MultiWriter } from '../../options.js';
import type { StrategyMode } from '../../turn/mode.js';

/** What the `jobsweep` command is told by `jobsweep.config.{ts,mjs,json}`. `${NAME}` in any text is a variable. */
export type JobsweepConfig = CommonConfig & (AdapterConfig | OwnConnectionConfig);

/** The database by the name of an adapter package and a URL. */
interface AdapterConfig {
  /** The adapter package, installed beside the config file: `@jobsweep/repo-knex`, for one. */
  readonly adapter: string;
  readonly connection: {
    /** `postgres://...`, `mysql://...`, `mariadb://...` or `mongodb://...`: what the adapter can. */
    readonly url: string;
    /** Connections at most, 1 to 100. Default: the adapter's, 5. */
    readonly poolSize?: number;
  };
  /** Options of the adapter's store. Default: none. */
  readonly store?: StoreConfig;
  readonly open?: never;
}

/** A store on a connection that the config file makes itself; not in JSON. */
interface OwnConnectionConfig {
  readonly open: () => OwnStore | Promise<OwnStore>;
  readonly adapter?: never;
  readonly connection?: never;
  readonly store?: never;
}

/** What `open` gives. The sessions of its store are its own affair. */
interface OwnStore {
  /** What `knexStore`, `typeormStore` or `mongoStore` gives. */
  readonly store: Pick<CleanupStore<never>, 'capabilities' | 'inspect' | 'journal' | 'ownTables'> & {
    readonly repository: object;
    readonly claims: object;
    readonly changes: object;
    readonly transaction: unknown;
  };
  /** Closes the connection. */
  close(): void | Promise<void>;
}

/** What every adapter's store can be told, and whatever else its own one takes. */
interface StoreConfig {
  /** How jobsweep's words map onto your tables. */
  readonly schema?: SchemaOptions;
  /** Which jobs may be seen and touched. */
  readonly filters?: FilterOptions;
  readonly [option: string]: unknown;
}

/** All that does not depend on how the database is reached. */
interface CommonConfig {
  /**
   * What turns and history are kept under, where several configs share a database: 1 to 64 letters, digits, `_`, `-` and `.`.
   * Default: `main`.
   */
  readonly name?: string;
  readonly strategies?: {
    /** It releases what nobody uses any more, and has no breaker. */
    readonly completed_job_cleanup?: Omit<StrategyConfig<AllocationWithJob>, 'breaker'> & {
      readonly settleSeconds?: number;
    };
    readonly stale_reservation_cleanup?: StrategyConfig<AllocationWithJob> & {
      readonly maxAgeMinutes?: number;
      readonly jobStates?: readonly StaleJobState[];
      readonly requeue?: RequeueOption;
    };
    readonly stuck_job_cleanup?: StrategyConfig<Job> & {
      readonly maxAgeHours?: number;
      readonly silentMinutes?: number;
      readonly requeue?: RequeueOption;
    };
    readonly old_job_cleanup?: StrategyConfig<Job> & { readonly maxAgeDays?: number | null };
    readonly orphaned_allocation_cleanup?: StrategyConfig<ResourceAllocation> & { readonly maxAgeMinutes?: number };
    readonly waiting_job_cleanup?: StrategyConfig<Job> & {
      readonly maxAgeDays?: number;
      readonly requeue?: RequeueOption;
    };
  };
  readonly runner?: RunnerConfig;
  /** Where `jobsweep start` serves its page, `/healthz`, `/readyz` and `/metrics`. `false`: nowhere. */
  readonly http?: false | HttpConfig;
  readonly log?: { readonly level?: LogLevel; readonly format?: LogFormat };
  /**
   * What nobody has confirmed yet, by its path in this file, with why `jobsweep init` took it for true. As long as a line is
   * there, `run` and `start` refuse with `INVALID_CONFIG`; all that only looks works. Default: nothing.
   */
  readonly assumptions?: Readonly<Record<string, string>>;
  /** The language of descriptions and of what is written to jobs. Default: `en`. */
  readonly locale?: Locale;
}

/** What `jobsweep start` serves. */
interface HttpConfig {
  /** The address to listen on. Default: `127.0.0.1`. */
  readonly host?: string;
  /** Default: 9464. */
  readonly port?: number;
  /** How often what is due is counted for `/metrics`, 5 to 86400; 0: never. Default: 60. */
  readonly backlogSeconds?: number;
  /**
   * Whether the page is served at `/`. Default: where nobody but this machine reaches `host`, or where there is a token. `true`
   * anywhere else is `INVALID_CONFIG`.
   */
  readonly page?: boolean;
  /**
   * What everybody who looks at the page has to know, out of an environment variable: `'${JOBSWEEP_TOKEN}'`. 16 to 1024 printable
   * ASCII characters. It is never printed, and not asked for by `/healthz`, `/readyz` and `/metrics`. Default: none.
   */
  readonly token?: string;
  /** Names under which browsers find the page, as behind a proxy, besides `host` and `localhost`. Default: none. */
  readonly hosts?: readonly string[];
}

/**
 * What each strategy can be told. Defaults: docs/strategies.md. Its hooks get the session of the adapter's library, whose type
 * you name: `within: (trx: Knex.Transaction, rows) => ...`.
 */
interface StrategyConfig<Row extends CleanupRow = CleanupRow> extends RepairHooks<Row> {
  readonly enabled?: boolean;
  /** `observe`: its turns only look, and keep what they would have repaired in the history. Default: `repair`. */
  readonly mode?: StrategyMode;
  /** Its interval; or else `cron`. */
  readonly intervalSeconds?: number;
  /** When it runs, as a cron expression: `0 3 * * *`. */
  readonly cron?: string;
  /** The time zone of `cron`, such as `Europe/Berlin`. Default: UTC. */
  readonly timeZone?: string;
  /** How long one pass may take. */
  readonly timeoutSeconds?: number;
  /** When a pass is stopped before its first write. `false`: never. */
  readonly breaker?: false | BreakerConfig;
}

/** A pass is stopped when it would write more than `maxShare` of its population, and at least `minRows`. */
interface BreakerConfig {
  /** 0 to 1. Default: 0.5. */
  readonly maxShare?: number;
  /** 1 to 1000000. Default: 20. */
  readonly minRows?: number;
}

/** How passes run. */
interface RunnerConfig {
  /** Rows of one batch, 1 to 5000. Default: as many as take some 200 ms. */
  readonly batchRows?: number;
  /** Rows that one pass may change; it looks at no more than ten times as many. Default: no limit. */
  readonly maxRowsPerPass?: number;
  /** The pause after a batch, as a fraction of the time that it took, 0 to 100. Default: 0.5. */
  readonly pauseFraction?: number;
  /** Rows that a pass looks at in a second, and a number of yours above which it waits. Default: neither. */
  readonly pacing?: Pacing;
  /** Passes at the same time, 1 to 100. Default: 2. */
  readonly concurrency?: number;
  /** A turn comes up to this fraction of its interval later, at random, 0 to 1. Default: 0.1. */
  readonly jitter?: number;
  /** How long `start` lets the batches in hand go on once it is to stop, 0 to 3600. Default: 30. */
  readonly graceSeconds?: number;
  /** After how long without a batch another runner may take over, 1 to 3600. Default: 60. */
  readonly claimTermSeconds?: number;
  /** How long passes are kept in the history, 1 to 36500. Default: 90. */
  readonly historyDays?: number;
  /** Whether what passes change is kept, row by row, for `jobsweep show` and `jobsweep undo`. Default: `true`. */
  readonly changes?: KeptChanges;
  /** How long that is kept, 1 to 36500. Default: 30. */
  readonly changesDays?: number;
  /** Whether turns are claimed in jobsweep's own tables. Default: `auto`, where the tables are. */
  readonly claims?: (typeof CLAIMS)[number];
  /** Whether all writes go through one of several nodes that take them: `accepted`. Default: `refused`, nothing runs there. */
  readonly multiWriter?: MultiWriter;
  /** Of all strategies that fail or delete; each may have its own besides. `false`: never. */
  readonly breaker?: false | BreakerConfig;
  /** `jobsweep run` asks before it deletes more jobs than this. Default: 1000. */
  readonly confirmDeletesAbove?: number;
}

export const CLAIMS = ['auto', 'required', 'off'] as const;
export const LOG_FORMATS = ['auto', 'json', 'pretty'] as const;
/** `auto`: pretty on a terminal, else JSON lines. */
type LogFormat = (typeof LOG_FORMATS)[number];

/** A strategy's part of a config, whichever it is. */
export type AnyStrategyConfig = StrategyConfig & Readonly<Partial<Record<LimitName, number>>>;
type LimitName = 'maxAgeMinutes' | 'maxAgeHours' | 'maxAgeDays';

/**
 * Gives editors the types of a config file, and does nothing else.
 *
 * @example
 * import { defineConfig } from '@jobsweep/runner';
 *
 * export default defineConfig({
 *   adapter: '@jobsweep/repo-knex',
 *   connection: { url: '${PG_URL}' },
 *   strategies: { stuck_job_cleanup: { maxAgeHours: 72 } },
 * });
 */
export function defineConfig(config: JobsweepConfig): JobsweepConfig {
  return config;
}
