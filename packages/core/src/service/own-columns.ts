/** How many characters the columns of names hold; longer names are refused. */
export const NAME_LIMITS = { config: 64, strategy: 191, holder: 255 } as const;

/** How many characters the columns of texts hold; longer texts are cut. */
export const TEXT_LIMITS = { error_code: 64, error_message: 2000, host: 255, note: 1000, table_name: 255 } as const;

/** How many characters the name of a turn has, and how many digits the number of a change in it. */
export const PASS_CHARACTERS = 20;
export const CHANGE_DIGITS = 12;

/** How many characters of a key are kept with a change. */
export const KEY_CHARACTERS = 700;

/** A column of one of jobsweep's own tables, in the words of no database. */
export interface OwnColumn {
  /** `longText`: of any length. `number`: given by the table, and higher in each later row. */
  readonly type: 'text' | 'longText' | 'count' | 'milliseconds' | 'time' | 'number';
  /** How many characters a `text` has at most. */
  readonly characters?: number;
  /** Whether it may be NULL. Default: `false`. */
  readonly isNullable?: boolean;
  /** What it says, for whoever looks at the table. */
  readonly note?: string;
}

/** The columns of a table by their names, in their order; the first is the key. */
export type OwnColumns = Readonly<Record<string, OwnColumn>>;

/** The names of those that keep times. */
export const timeColumns = (columns: OwnColumns): string[] =>
  Object.keys(columns).filter((column) => columns[column]?.type === 'time');

const text = (characters: number, note?: string): OwnColumn => ({ type: 'text', characters, ...(note && { note }) });
const count = (note?: string): OwnColumn => ({ type: 'count', ...(note && { note }) });
const time = (note: string): OwnColumn => ({ type: 'time', isNullable: true, note });
const orNull = (column: OwnColumn): OwnColumn => ({ ...column, isNullable: true });

/** Who has which turn: a row for each strategy of a config. */
export const CLAIM_COLUMNS = {
  id: text(NAME_LIMITS.config + 1 + NAME_LIMITS.strategy, 'config/strategy'),
  config: text(NAME_LIMITS.config, 'the name of the config that the turns are of'),
  strategy: text(NAME_LIMITS.strategy),
  holder: orNull(text(NAME_LIMITS.holder, 'the runner that has the turn; NULL: nobody')),
  term: count('grows with every turn'),
  started_at: time('when the last turn began; NULL: it was given back unfinished'),
  ended_at: time('when it was given back; NULL: it is held, or it lapsed'),
  expires_at: time('until when it is held without another batch'),
  empty_passes: count('passes with nothing to do since the last one that did something'),
  progress_at: time('when its last batch was written; NULL: there was none'),
  batches: count('of the last turn, as written with its last batch, as are the counts'),
  items_cleaned: count(),
  items_found: count(),
  items_contended: count(),
  items_passed_over: count(),
  items_blocked: count(),
  place: orNull({ type: 'longText', note: 'where the next pass goes on; NULL: at the beginning' }),
  tripped_rows: count('due when the breaker stopped the last pass; 0: it did not, or they are approved'),
  approved_rows: count('that one pass may change past its breaker; 0: none'),
  approved_at: time('when they were approved'),
  paused_at: time('when turns were forbidden; NULL: they are not'),
  paused_until: time('until when; NULL: until somebody allows them again'),
  paused_by: orNull(text(NAME_LIMITS.holder, 'who forbade them')),
  pass: orNull(text(PASS_CHARACTERS, 'the last turn, as its changes have it')),
} as const satisfies OwnColumns;

/** What a claim has besides where a server keeps the transactions of clients that are gone. */
export const SESSION_COLUMNS = {
  session: orNull(text(64, 'the session of the server that its batches run in')),
  term_seconds: count('how long a term is'),
} as const satisfies OwnColumns;

/** A row for each pass that did something. */
export const HISTORY_COLUMNS = {
  id: { type: 'number' },
  config: text(NAME_LIMITS.config),
  strategy: text(NAME_LIMITS.strategy),
  status: text(20, 'done, failed'),
  stop_reason: text(
    20,
    'drained, blocked, timeout, rowBudget, aborted, tripped, observed, claimLost, failed; approved, paused, resumed, undone',
  ),
  started_at: { type: 'time' },
  duration_ms: { type: 'milliseconds' },
  due_ms: count('how long what it repaired had been due, all together'),
  longest_due_ms: count('of the row that had been due longest'),
  items_cleaned: count('changed and committed'),
  items_found: count('due, and looked at'),
  items_contended: count('held by other transactions, left to the next pass'),
  items_passed_over: count('not due any more once they were locked'),
  items_blocked: count('refused by the database'),
  items_unknown: count('of batches whose commit was lost on the way'),
  batches: count(),
  blocked: { type: 'longText', note: 'JSON: the first of the refused rows' },
  samples: orNull({
    type: 'longText',
    note: 'JSON: the first rows that it would have changed, of a strategy that observes',
  }),
  error_code: orNull(text(TEXT_LIMITS.error_code)),
  error_message: orNull(text(TEXT_LIMITS.error_message)),
  host: text(TEXT_LIMITS.host),
  holder: text(NAME_LIMITS.holder),
  note: orNull(text(TEXT_LIMITS.note)),
  pass: orNull(text(PASS_CHARACTERS, 'what its changes are kept under')),
} as const satisfies OwnColumns;

/** A row for each row that a turn has changed or deleted. */
const CHANGE_COLUMNS = {
  id: text(PASS_CHARACTERS + CHANGE_DIGITS, 'its turn, and a number that grows in it'),
  config: text(NAME_LIMITS.config),
  strategy: text(NAME_LIMITS.strategy),
  changed_at: { type: 'time' },
  table_name: text(TEXT_LIMITS.table_name),
  row_key: text(KEY_CHARACTERS, 'a JSON array where the key has several columns'),
  job_key: orNull(text(KEY_CHARACTERS, 'the job that it is, or is of')),
  job_change: orNull(
    text(PASS_CHARACTERS + CHANGE_DIGITS, 'the change of that job in the same turn; NULL: there is none'),
  ),
  old_values: orNull({ type: 'longText', note: 'JSON: what the turn has written over; NULL: the row was deleted' }),
  new_values: orNull({ type: 'longText', note: 'JSON: what it left there; NULL: the row was deleted' }),
  undone_at: time('when it was taken back; NULL: it was not'),
} as const satisfies OwnColumns;

type Indexes = Readonly<Record<string, readonly string[]>>;

/** Each of the tables: its columns, and by their suffixes what it is looked for by besides its key. */
export const OWN_TABLES = {
  claims: { columns: CLAIM_COLUMNS, indexes: {} },
  history: {
    columns: HISTORY_COLUMNS,
    // A strategy's pages, and its oldest rows.
    indexes: { strategy: ['config', 'strategy', 'id'], started: ['started_at', 'id'] },
  },
  changes: {
    columns: CHANGE_COLUMNS,
    // Turns are in the key in the order of time.
    indexes: {},
  },
} as const satisfies Readonly<Record<string, { readonly columns: OwnColumns; readonly indexes: Indexes }>>;

/** What each of them is called in the words of options. */
export type OwnTableName = keyof typeof OWN_TABLES;
export const OWN_TABLE_NAMES = Object.keys(OWN_TABLES) as OwnTableName[];
