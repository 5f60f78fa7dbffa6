import { unknownIfLost } from '@jobsweep/core';
import { mysqlDialect, postgresDialect } from '@jobsweep/sql';
import { describe, expect, test } from 'vitest';

/** What `pg` throws for a SQLSTATE. */
const pgError = (code: string) => Object.assign(new Error('it says'), { code, severity: 'ERROR' });

/** What `mysql2` throws for the number of an error. */
const mysqlError = (errno: number, sqlMessage = 'it says') =>
  Object.assign(new Error(sqlMessage), { errno, sqlState: 'HY000', sqlMessage });

describe('an error of PostgreSQL tells whether to ask again', () => {
  const translate = (code: string) => postgresDialect().errors.translate(pgError(code));

  test.each([
    ['40001', 'CONFLICT', 'now'],
    ['40P01', 'CONFLICT', 'now'],
    ['55P03', 'LOCK_TIMEOUT', 'now'],
    ['25006', 'SERVER_UNAVAILABLE', 'later'],
    ['53000', 'SERVER_UNAVAILABLE', 'later'],
    ['53100', 'SERVER_UNAVAILABLE', 'later'],
    ['53300', 'SERVER_UNAVAILABLE', 'later'],
    ['53400', 'SERVER_UNAVAILABLE', 'later'],
    ['57P01', 'CONNECTION_LOST', 'later'],
    ['57P02', 'CONNECTION_LOST', 'later'],
    ['57P03', 'SERVER_UNAVAILABLE', 'later'],
    ['57P04', 'CONNECTION_LOST', 'later'],
    ['57P05', 'CONNECTION_LOST', 'later'],
    ['25P03', 'CONNECTION_LOST', 'later'],
    ['40003', 'COMMIT_UNKNOWN', 'unknown'],
    ['25P04', 'STATEMENT_TIMEOUT', 'never'],
    ['57014', 'STATEMENT_TIMEOUT', 'never'],
    ['23503', 'ROW_REJECTED', 'never'],
    ['42P01', 'SCHEMA_MISMATCH', 'never'],
    ['42501', 'PERMISSION_DENIED', 'never'],
    ['XX000', 'DATABASE_ERROR', 'never'],
  ])('%s is %s: %s', (sqlState, code, retry) => {
    expect(translate(sqlState)).toMatchObject({ code, retry, message: expect.stringMatching(/^it says\. \S.+\.$/) });
  });

  test('a connection that is lost while committing leaves it unknown', () => {
    expect(unknownIfLost(translate('57P01'))).toMatchObject({ code: 'COMMIT_UNKNOWN', retry: 'unknown' });
  });

  test('of memory alone fewer rows may need less', () => {
    expect(translate('53200')).toMatchObject({ code: 'SERVER_UNAVAILABLE', retry: 'later', isDivisible: true });
    expect(translate('53100')).toMatchObject({ isDivisible: false });
  });
});

describe('an error of MySQL and MariaDB tells whether to ask again', () => {
  const translate = (errno: number, sqlMessage?: string) =>
    mysqlDialect().errors.translate(mysqlError(errno, sqlMessage));

  test.each([
    [1213, 'CONFLICT', 'now'],
    [3101, 'CONFLICT', 'now'],
    [1205, 'LOCK_TIMEOUT', 'now'],
    [1290, 'SERVER_UNAVAILABLE', 'later'],
    [1836, 'SERVER_UNAVAILABLE', 'later'],
    [1040, 'SERVER_UNAVAILABLE', 'later'],
    [1203, 'SERVER_UNAVAILABLE', 'later'],
    [1047, 'SERVER_UNAVAILABLE', 'later'],
    [1021, 'SERVER_UNAVAILABLE', 'later'],
    [1114, 'SERVER_UNAVAILABLE', 'later'],
    [1053, 'CONNECTION_LOST', 'later'],
    [2013, 'CONNECTION_LOST', 'later'],
    [1969, 'STATEMENT_TIMEOUT', 'never'],
    [1451, 'ROW_REJECTED', 'never'],
    [1064, 'DATABASE_ERROR', 'never'],
  ])('%i is %s: %s', (errno, code, retry) => {
    expect(translate(errno)).toMatchObject({ code, retry, message: expect.stringMatching(/^it says\. \S.+\.$/) });
  });

  test.each([
    [1180, 'Got error 149 "Lock deadlock; Retry transaction" during COMMIT', 'CONFLICT', 'now'],
    [1180, 'Got error 6 - provider status during COMMIT', 'SERVER_UNAVAILABLE', 'later'],
    [1180, "Got error 28 - 'No space left on device' during COMMIT", 'SERVER_UNAVAILABLE', 'later'],
    [1180, 'Got error 5 during COMMIT', 'DATABASE_ERROR', 'never'],
    [1030, 'Got error 28 "No space left on device" from storage engine InnoDB', 'SERVER_UNAVAILABLE', 'later'],
    [1030, 'Got error 168 "Unknown (generic) error from engine" from storage engine', 'DATABASE_ERROR', 'never'],
  ])('%i by what it says, %s', (errno, sqlMessage, code, retry) => {
    expect(translate(errno, sqlMessage)).toMatchObject({ code, retry });
  });

  test('of locks and memory fewer rows may need less', () => {
    expect(translate(1206)).toMatchObject({ code: 'SERVER_UNAVAILABLE', retry: 'later', isDivisible: true });
    expect(translate(1021)).toMatchObject({ isDivisible: false });
  });
});
