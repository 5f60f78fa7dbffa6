import {
  byServerCode,
  denied,
  type Translation,
  type Translator,
  translations,
  translatorOf,
  unavailable,
} from '@jobsweep/core';

/** The parts of a `mysql2` error, of a socket error or of a library's timeout that say what happened. */
interface DriverError extends Error {
  readonly errno?: number;
  readonly code?: string;
  readonly sqlMessage?: string;
}

const { conflict, connectionLost, diskFull, noMemory, rowRejected, schemaMismatch, statementTimeout } = translations;

const LOCK_TIMEOUT: Translation = {
  code: 'LOCK_TIMEOUT',
  fix: 'Another transaction holds the lock for long; look for it with SHOW ENGINE INNODB STATUS',
};

const NO_DATABASE: Translation = {
  code: 'SCHEMA_MISMATCH',
  fix: 'Check the name of the database in the connection, and in `schema` where that names one',
};

const NOT_IN_CLUSTER = unavailable(
  'The node is not a working part of its cluster; wait until it is, or connect to another one',
);

const HELD = 3572;

const BY_NUMBER = byServerCode([
  // Deadlock; a row that changed since the snapshot, where MariaDB is told to check that; lost against another node.
  [conflict, [1213, 1020, 3101]],
  // TiDB: lost against another transaction, or the table was changed meanwhile.
  [conflict, [8002, 8022, 8028, 9007]],
  [LOCK_TIMEOUT, [1205, HELD]],
  // Ended by max_execution_time, by max_statement_time, by KILL QUERY.
  [statementTimeout, [3024, 1969, 1317]],
  [denied('Check the user, the password and the host that the user may come from'), [1045]],
  [denied('Grant the missing privilege to the user that jobsweep connects as'), [1044, 1142, 1143, 1227]],
  // No such database, or none chosen.
  [NO_DATABASE, [1049, 1046]],
  // No such table or column; a state that an ENUM does not have, or text that a number column cannot hold.
  [schemaMismatch, [1146, 1054, 1265, 1366]],
  // Foreign keys, checks, triggers (SIGNAL), NULL, too long, no default, out of range, duplicates, incorrect values.
  [rowRejected, [1451, 1452, 1216, 1217, 3819, 4025, 1644, 1048, 1406, 1364, 1264, 1062, 1292, 1690]],
  // --read-only, a read-only mode of the server, of InnoDB.
  [
    unavailable('The server takes no writes; connect to the one that does, or wait until this one does'),
    [1290, 1836, 1874],
  ],
  [diskFull, [1021, 1114]],
  // Memory, memory to sort, resources, the table of locks.
  [noMemory, [1037, 1038, 1041, 1206]],
  // Of the server, of the user, of an account's limits; no thread for another one.
  [
    unavailable('The server has no connection left for this user; close others, or raise the limit'),
    [1040, 1203, 1226, 1135],
  ],
  // Galera; Group Replication.
  [NOT_IN_CLUSTER, [1047, 3100]],
  [unavailable('The server is in offline mode; wait until it is not'), [3032]],
  // TiDB: the clock, the storage or a region of it does not answer, or has too much to do.
  [
    unavailable("A part of the server's cluster does not answer now; wait until it does"),
    [9001, 9002, 9003, 9004, 9005],
  ],
  [connectionLost, [1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031]],
]);

/** Numbers that say only where the error came from: the rest is in the server's sentence. */
const BY_SENTENCE: readonly (readonly [number: number, sentence: RegExp, translation: Translation])[] = [
  [1180, /\berror 149\b/i, conflict],
  [1180, /provider status/i, NOT_IN_CLUSTER],
  [1180, /\berror (28|122)\b/i, diskFull],
  [1030, /\berror (28|122)\b/i, diskFull],
];

/** RowTexts of `mysql2` and knex for lost and unavailable connections. */
const CONNECTION_TEXTS = /closed state|connection (lost|is closed)|timeout acquiring a connection|EHOSTUNREACH/i;

/** What libraries say when a statement outlived its deadline, also when its cancelling failed. */
const DEADLINE_TEXTS = /query timeout of \d+ms exceeded/i;

/** The name of a constraint in the server's sentence. */
const CONSTRAINT =
  /CONSTRAINT [`"]([^`"]+)[`"]|(?:Check constraint|CONSTRAINT) '?[`"']?([\w$]+)[`"']? (?:is violated|failed)/i;

/** Of the errors of MySQL and MariaDB. */
export const mysqlErrors: Translator = translatorOf<DriverError>({
  translation({ errno, code, message, sqlMessage = message }) {
    const known = errno === undefined ? undefined : BY_NUMBER.get(errno);
    if (known !== undefined) return known;
    const said = BY_SENTENCE.find(([number, sentence]) => number === errno && sentence.test(sqlMessage));
    if (said !== undefined) return said[2];
    if (DEADLINE_TEXTS.test(message)) return statementTimeout;
    const isLost = code === 'PROTOCOL_CONNECTION_LOST' || CONNECTION_TEXTS.test(message);
    return isLost ? connectionLost : undefined;
  },
  isOfServer: (error) => 'sqlState' in error,
  sentence: ({ sqlMessage, message, code = 'Error' }) =>
    (sqlMessage ?? (message === '' ? code : message)).replace(/\.$/, ''),
  constraint({ sqlMessage = '' }) {
    const found = CONSTRAINT.exec(sqlMessage);
    return found?.[1] ?? found?.[2];
  },
});

/** Whether rows that others hold kept a statement with NOWAIT from locking any. */
export const isHeldByOthers = (error: unknown): boolean => (error as { errno?: unknown } | null)?.errno === HELD;
