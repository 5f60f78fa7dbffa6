import { HISTORY_LIMITS, NAME_LIMITS } from '../service/limits.js';
import type { OwnNames } from '../service/names.js';
import type { OwnDialect } from '../service/own-dialect.js';

const quotedName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

const quoted: OwnDialect['quoted'] = ({ schema, table }) =>
  schema === undefined ? quotedName(table) : `${quotedName(schema)}.${quotedName(table)}`;

/** Names are compared to the letter, and locks are those of rows. */
const TABLE_OPTIONS = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** jobsweep's own tables on MySQL and MariaDB. All times are UTC. */
export const mysqlOwnTables: OwnDialect = {
  quoted,

  now: 'utc_timestamp(6)',

  after: (build, seconds) => build.raw('utc_timestamp(6) + interval ? microsecond', [Math.round(seconds * 1e6)]),

  timeText: (column) => `date_format(${column}, '%Y-%m-%dT%H:%i:%s.%fZ')`,

  text: (column) => `convert(${column} using utf8mb4)`,

  insertClaim: (claims) => `insert ignore into ${quoted(claims)} (config, strategy) values (?, ?)`,

  ddl: ({ claims, history }: OwnNames) => ({
    claims: [
      `CREATE TABLE IF NOT EXISTS ${quoted(claims)} (
  config            varchar(${NAME_LIMITS.config}) NOT NULL,       -- the name of the config that the turns are of
  strategy          varchar(${NAME_LIMITS.strategy}) NOT NULL,
  holder            varchar(${NAME_LIMITS.holder}),               -- the runner that has the turn; NULL: nobody
  term              bigint NOT NULL DEFAULT 0,  -- grows with every turn
  started_at        datetime(6),                -- UTC: when the last turn began; NULL: it was given back unfinished
  ended_at          datetime(6),                -- UTC: when it was given back; NULL: it is held, or it lapsed
  expires_at        datetime(6),                -- UTC: until when it is held without another batch
  empty_passes      bigint NOT NULL DEFAULT 0,  -- passes with nothing to do since the last one that did something
  progress_at       datetime(6),                -- UTC: when its last batch was written; NULL: there was none
  batches           bigint NOT NULL DEFAULT 0,  -- of the last turn, as written with its last batch, as are the counts
  items_cleaned     bigint NOT NULL DEFAULT 0,
  items_found       bigint NOT NULL DEFAULT 0,
  items_contended   bigint NOT NULL DEFAULT 0,
  items_passed_over bigint NOT NULL DEFAULT 0,
  items_blocked     bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (config, strategy)
) ${TABLE_OPTIONS}`,
    ],
    history: [
      `CREATE TABLE IF NOT EXISTS ${quoted(history)} (
  id                bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  config            varchar(${NAME_LIMITS.config}) NOT NULL,
  strategy          varchar(${NAME_LIMITS.strategy}) NOT NULL,
  status            varchar(20) NOT NULL,     -- done, failed
  stop_reason       varchar(20) NOT NULL,     -- drained, blocked, timeout, rowBudget, aborted, claimLost, failed
  started_at        datetime(6) NOT NULL,     -- UTC
  duration_ms       decimal(15, 3) NOT NULL,
  items_cleaned     bigint NOT NULL,          -- changed and committed
  items_found       bigint NOT NULL,          -- due, and looked at
  items_contended   bigint NOT NULL,          -- held by other transactions, left to the next pass
  items_passed_over bigint NOT NULL,          -- not due any more once they were locked
  items_blocked     bigint NOT NULL,          -- refused by the database
  items_unknown     bigint NOT NULL,          -- of batches whose commit was lost on the way
  batches           bigint NOT NULL,
  blocked           mediumtext NOT NULL,      -- JSON: the first of the refused rows
  error_code        varchar(${HISTORY_LIMITS.errorCode}),
  error_message     varchar(${HISTORY_LIMITS.errorMessage}),
  host              varchar(${HISTORY_LIMITS.host}) NOT NULL,
  holder            varchar(${NAME_LIMITS.holder}) NOT NULL,
  note              varchar(${HISTORY_LIMITS.note}),
  KEY ${quotedName(`${history.table}_strategy`)} (config, strategy, id),
  KEY ${quotedName(`${history.table}_started`)} (started_at, id)
) ${TABLE_OPTIONS}`,
    ],
  }),

  columns: (build, { schema, table }) =>
    build
      .select(build.raw('c.column_name as name'))
      .from(build.raw('information_schema.columns as c'))
      .whereRaw('c.table_schema = coalesce(?, database()) and c.table_name = ?', [schema ?? null, table]),

  // The server's own lock on the name lets one of them make it, and the others find it there.
  makeAlone: () => Promise.resolve(),

  // A table that was there already is worth a note to the server.
  async hasMade({ build, rows }) {
    const [row] = await rows<{ notes: unknown }>(build.select(build.raw('@@session.warning_count as notes')));
    return Number(row?.notes) === 0;
  },

  isMadeByAnother: () => false,
};
