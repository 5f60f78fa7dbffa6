import { HISTORY_LIMITS, NAME_LIMITS } from '../service/limits.js';
import type { OwnNames } from '../service/names.js';
import type { OwnDialect } from '../service/own-dialect.js';

/** Any number that other programs are unlikely to take for a lock of theirs in the same database. */
const LOCK_KEY = 1_785_688_691_207;

/** Two that make the same table: unique_violation in the catalogue, duplicate_table, duplicate_object. */
const MADE_BY_ANOTHER: readonly unknown[] = ['23505', '42P07', '42710'];

const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const quoted: OwnDialect['quoted'] = ({ schema, table }) =>
  schema === undefined ? quotedName(table) : `${quotedName(schema)}.${quotedName(table)}`;

/** jobsweep's own tables on PostgreSQL. */
export const postgresOwnTables: OwnDialect = {
  quoted,

  now: 'statement_timestamp()',

  after: (build, seconds) => build.raw('statement_timestamp() + make_interval(secs => ?::double precision)', [seconds]),

  timeText: (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,

  text: (column) => `${column}::text`,

  insertClaim: (claims) => `insert into ${quoted(claims)} (config, strategy) values (?, ?) on conflict do nothing`,

  ddl: ({ claims, history }: OwnNames) => ({
    claims: [
      `CREATE TABLE IF NOT EXISTS ${quoted(claims)} (
  config            varchar(${NAME_LIMITS.config}) NOT NULL,       -- the name of the config that the turns are of
  strategy          varchar(${NAME_LIMITS.strategy}) NOT NULL,
  holder            varchar(${NAME_LIMITS.holder}),               -- the runner that has the turn; NULL: nobody
  term              bigint NOT NULL DEFAULT 0,  -- grows with every turn
  started_at        timestamptz,                -- when the last turn began; NULL: it was given back unfinished
  ended_at          timestamptz,                -- when it was given back; NULL: it is held, or it lapsed
  expires_at        timestamptz,                -- until when it is held without another batch
  empty_passes      bigint NOT NULL DEFAULT 0,  -- passes with nothing to do since the last one that did something
  progress_at       timestamptz,                -- when its last batch was written; NULL: there was none
  batches           bigint NOT NULL DEFAULT 0,  -- of the last turn, as written with its last batch, as are the counts
  items_cleaned     bigint NOT NULL DEFAULT 0,
  items_found       bigint NOT NULL DEFAULT 0,
  items_contended   bigint NOT NULL DEFAULT 0,
  items_passed_over bigint NOT NULL DEFAULT 0,
  items_blocked     bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (config, strategy)
)`,
    ],
    history: [
      `CREATE TABLE IF NOT EXISTS ${quoted(history)} (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  config            varchar(${NAME_LIMITS.config}) NOT NULL,
  strategy          varchar(${NAME_LIMITS.strategy}) NOT NULL,
  status            varchar(20) NOT NULL,     -- done, failed
  stop_reason       varchar(20) NOT NULL,     -- drained, blocked, timeout, rowBudget, aborted, claimLost, failed
  started_at        timestamptz NOT NULL,
  duration_ms       numeric(15, 3) NOT NULL,
  items_cleaned     bigint NOT NULL,          -- changed and committed
  items_found       bigint NOT NULL,          -- due, and looked at
  items_contended   bigint NOT NULL,          -- held by other transactions, left to the next pass
  items_passed_over bigint NOT NULL,          -- not due any more once they were locked
  items_blocked     bigint NOT NULL,          -- refused by the database
  items_unknown     bigint NOT NULL,          -- of batches whose commit was lost on the way
  batches           bigint NOT NULL,
  blocked           text NOT NULL,            -- JSON: the first of the refused rows
  error_code        varchar(${HISTORY_LIMITS.errorCode}),
  error_message     varchar(${HISTORY_LIMITS.errorMessage}),
  host              varchar(${HISTORY_LIMITS.host}) NOT NULL,
  holder            varchar(${NAME_LIMITS.holder}) NOT NULL,
  note              varchar(${HISTORY_LIMITS.note})
)`,
      `CREATE INDEX IF NOT EXISTS ${quotedName(`${history.table}_strategy`)} ON ${quoted(history)} (config, strategy, id)`,
      `CREATE INDEX IF NOT EXISTS ${quotedName(`${history.table}_started`)} ON ${quoted(history)} (started_at, id)`,
    ],
  }),

  columns: (build, table) =>
    build
      .select(build.raw('a.attname::text as name'))
      .from(build.raw('pg_catalog.pg_attribute as a'))
      .whereRaw('a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped', [quoted(table)]),

  // `IF NOT EXISTS` does not see the table of a transaction that is not committed yet.
  async makeAlone({ build, rows }) {
    await rows(build.select(build.raw('pg_advisory_xact_lock(?)::text as locked', [LOCK_KEY])));
  },

  hasMade: () => Promise.resolve(true),

  isMadeByAnother: (error) => MADE_BY_ANOTHER.includes((error as { code?: unknown } | undefined)?.code),
};
