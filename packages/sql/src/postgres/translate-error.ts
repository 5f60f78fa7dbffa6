import {
  byServerCode,
  denied,
  type Translation,
  type Translator,
  translations,
  translatorOf,
  unavailable,
} from '@jobsweep/core';

/** The parts of a `pg` DatabaseError, or of a socket error, that say what happened. */
interface DriverError extends Error {
  readonly code?: string;
  readonly constraint?: string;
}

const { conflict, connectionLost, diskFull, noMemory, rowRejected, schemaMismatch, statementTimeout } = translations;

const LOCK_TIMEOUT: Translation = {
  code: 'LOCK_TIMEOUT',
  fix: 'Another transaction holds the lock for long; look for it in pg_stat_activity',
};

const COMMIT_UNKNOWN: Translation = {
  code: 'COMMIT_UNKNOWN',
  fix: 'The batch may be there or not; the next pass finds out',
};

const READ_ONLY = unavailable(
  'It is a standby, or was set to read-only; connect to the server that takes writes, or wait until this one does',
);

const FAILED_BEFORE: Translation = {
  code: 'DATABASE_ERROR',
  fix: 'A statement before it had failed, the work went on without it, and nothing was committed',
};

/** By SQLSTATE, or by its class where all of a class mean the same here. */
const BY_SQLSTATE = byServerCode([
  [conflict, ['40001', '40P01']],
  [LOCK_TIMEOUT, ['55P03']],
  [statementTimeout, ['57014', '25P04']],
  [COMMIT_UNKNOWN, ['40003']],
  [READ_ONLY, ['25006']],
  [unavailable('The server has not enough left to work; see what it lacks'), ['53']],
  [diskFull, ['53100']],
  [noMemory, ['53200']],
  [unavailable('The server has no connection left; close others, or raise the limit that it names'), ['53300']],
  [unavailable('The server is starting up, or takes no connections for now; wait until it does'), ['57P03']],
  [FAILED_BEFORE, ['25P02']],
  [denied('Check the user and the password of the connection, and pg_hba.conf'), ['28000', '28P01']],
  [denied('Grant the missing privilege to the role that jobsweep connects as'), ['42501']],
  // A text that a number, uuid or enum column cannot hold: it comes from the mapping, not from the row.
  [schemaMismatch, ['22P02']],
  [schemaMismatch, ['42P01', '42703', '42804', '42846', '42883', '3F000']],
  [connectionLost, ['08', '25P03', '57P01', '57P02', '57P04', '57P05']],
  [rowRejected, ['22', '23', '27', '44', 'P0']],
]);

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** RowTexts of `pg` and knex for lost and unavailable connections, which carry no code. */
const CONNECTION_TEXTS =
  /connection (terminated|ended|error)|not queryable|timeout expired|timeout exceeded when trying to connect|timeout acquiring a connection/i;

/** Of the errors of PostgreSQL. */
export const postgresErrors: Translator = translatorOf<DriverError>({
  translation({ code = '', message }) {
    const known = BY_SQLSTATE.get(code) ?? (SQLSTATE.test(code) ? BY_SQLSTATE.get(code.slice(0, 2)) : undefined);
    return known ?? (CONNECTION_TEXTS.test(message) ? connectionLost : undefined);
  },
  isOfServer: (error) => 'severity' in error,
  sentence,
  constraint: (error) => error.constraint,
});

/**
 * The database's own sentence. Knex puts the whole statement with its values and a dash before it: the first dash
 * outside of quotes and parentheses. An address that refuses connections leaves nothing but its code.
 */
function sentence({ message, code = 'Error' }: DriverError): string {
  const dashes = [...message.matchAll(/ - /g)].map(({ index }) => index);
  const end = dashes.find((index) => isWhole(message.slice(0, index)));
  const said = end === undefined ? message : message.slice(end + 3);
  return (said === '' ? code : said).replace(/\.$/, '');
}

/** Whether every quote and parenthesis of a statement is closed. */
function isWhole(statement: string): boolean {
  const bare = statement.replace(/'[^']*'|"[^"]*"/g, '');
  return !/['"]/.test(bare) && bare.split('(').length === bare.split(')').length;
}
