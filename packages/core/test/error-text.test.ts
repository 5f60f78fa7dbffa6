import { describe, expect, it } from 'vitest';
import { databaseWords, errorText, JobsweepError } from '../src/index.js';

const pgError = (fields: object) => Object.assign(new Error('insert into t values (7) - duplicate key'), fields);
const refused = (fields: object = {}) =>
  new JobsweepError('ROW_REJECTED', 'duplicate key. A constraint refuses the row.', { cause: pgError(fields) });

describe('the words of the database', () => {
  it('are its detail and hint, after the message', () => {
    const error = refused({ detail: 'Key (node)=(7) already exists.', hint: 'Choose another node.' });
    expect(errorText(error)).toBe(
      'duplicate key. A constraint refuses the row. Detail: Key (node)=(7) already exists. Hint: Choose another node.',
    );
  });

  it('are nothing where the message has all of it, and never the statement', () => {
    expect(databaseWords(refused())).toEqual({ causes: [], detail: null, hint: null });
  });

  it('are the causes that the message does not tell', () => {
    const cause = new Error('Connection terminated unexpectedly', { cause: new Error('read ECONNRESET') });
    const error = new JobsweepError('COMMIT_UNKNOWN', 'The connection was lost while committing.', { cause });
    expect(errorText(error)).toBe(
      'The connection was lost while committing. Cause: Connection terminated unexpectedly. Cause: read ECONNRESET.',
    );
  });

  it('are the reasons of a validator', () => {
    expect(
      databaseWords(Object.assign(new Error('failed validation'), { errInfo: { details: { min: 3 } } })).detail,
    ).toBe('{"min":3}');
  });

  it('are cut at 200 characters, with a mark, and have no password', () => {
    const { detail, hint } = databaseWords(refused({ detail: 'x'.repeat(500), hint: 'password=geheim' }));
    expect(detail).toBe(`${'x'.repeat(199)}…`);
    expect(hint).toBe('password=***');
  });

  it('end where causes go round in a circle', () => {
    const error: Error = new Error('round');
    error.cause = error;
    expect(errorText(error)).toBe('round');
  });
});
