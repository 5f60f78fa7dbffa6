import { describe, expect, it } from 'vitest';
import {
  asError,
  ERROR_CODES,
  type ErrorCode,
  invalidOption,
  isJobsweepError,
  isWorthWaitingFor,
  JobsweepError,
  retryOf,
  throwIfAborted,
} from '../src/index.js';

describe('a JobsweepError', () => {
  it('carries code, message, cause and constraint', () => {
    const cause = new Error('duplicate key');
    const error = new JobsweepError('ROW_REJECTED', 'Map the table or drop the key.', {
      cause,
      constraint: 'fk_parent',
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'JobsweepError', code: 'ROW_REJECTED', cause, constraint: 'fk_parent' });
    expect(String(error)).toBe('JobsweepError: Map the table or drop the key.');
  });

  it('has no cause of its own when none is given', () => {
    const error = new JobsweepError('CONFLICT', 'Try again.');
    expect(Object.hasOwn(error, 'cause')).toBe(false);
    expect(error.constraint).toBeUndefined();
  });
});

describe('whether to ask again', () => {
  const byCode: Partial<Record<ErrorCode, string>> = {
    CONFLICT: 'now',
    LOCK_TIMEOUT: 'now',
    CONNECTION_LOST: 'later',
    SERVER_UNAVAILABLE: 'later',
    COMMIT_UNKNOWN: 'unknown',
  };

  it.each(ERROR_CODES)('is said by %s, where the error says nothing else', (code) => {
    const error = new JobsweepError(code, 'No.');
    expect(retryOf(error)).toBe(byCode[code] ?? 'never');
    expect(isWorthWaitingFor(error)).toBe(['later', 'unknown'].includes(error.retry));
    expect(new JobsweepError(code, 'No.', { retry: 'later' }).retry).toBe('later');
  });

  it('is never, for an error of others', () => {
    expect(retryOf(new Error('no'))).toBe('never');
    expect(retryOf(undefined)).toBe('never');
  });
});

describe('asError', () => {
  it('makes an error of whatever was thrown', () => {
    const error = new TypeError('no');
    expect(asError(error)).toBe(error);
    expect(asError('no').message).toBe('no');
    expect(asError(Object.create(null)).message).toBe('[Object: null prototype] {}');
    expect(asError(undefined).message).toBe('undefined');
  });
});

describe('isJobsweepError', () => {
  it('knows its own, by any code or by the ones asked for', () => {
    const error = new JobsweepError('CONFLICT', 'Try again.');
    expect(isJobsweepError(error)).toBe(true);
    expect(isJobsweepError(error, 'CONFLICT')).toBe(true);
    expect(isJobsweepError(error, 'LOCK_TIMEOUT', 'CONFLICT')).toBe(true);
    expect(isJobsweepError(error, 'LOCK_TIMEOUT')).toBe(false);
  });

  it('knows an error of another copy of this package', () => {
    class JobsweepError extends Error {
      override readonly name = 'JobsweepError';
      readonly code = 'CONFLICT';
    }
    expect(isJobsweepError(new JobsweepError())).toBe(true);
    expect(isJobsweepError(new JobsweepError(), 'CONFLICT')).toBe(true);
    expect(isJobsweepError(new JobsweepError(), 'ABORTED')).toBe(false);
  });

  it.each([
    ['an ordinary error', new Error('no')],
    ['an error of a driver with a code', Object.assign(new Error('no'), { code: 'CONFLICT' })],
    ['an error with the name and no code', Object.assign(new Error('no'), { name: 'JobsweepError' })],
    ['an object that looks like one', { name: 'JobsweepError', code: 'CONFLICT', message: 'no' }],
    ['a string', 'CONFLICT'],
    ['nothing', undefined],
    ['null', null],
  ])('does not take %s for one', (_what, value) => {
    expect(isJobsweepError(value)).toBe(false);
    expect(isJobsweepError(value, 'CONFLICT')).toBe(false);
  });
});

describe('error codes', () => {
  it('are upper case, sorted and listed once', () => {
    for (const code of ERROR_CODES) expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(ERROR_CODES).toEqual([...new Set(ERROR_CODES)].sort());
  });
});

describe('invalidOption', () => {
  it('names the option, its value and the fix', () => {
    const error = invalidOption('batchRows', { a: 'b' }, 'give a whole number');
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toBe("batchRows is { a: 'b' }: give a whole number.");
  });
});

describe('throwIfAborted', () => {
  it('does nothing without a signal, or before it fires', () => {
    expect(() => throwIfAborted(undefined)).not.toThrow();
    expect(() => throwIfAborted(new AbortController().signal)).not.toThrow();
  });

  it('throws ABORTED with the reason as cause', () => {
    const reason = new Error('shutting down');
    expect(() => throwIfAborted(AbortSignal.abort(reason))).toThrow(
      expect.objectContaining({ code: 'ABORTED', message: 'Stopped by its abort signal.', cause: reason }),
    );
  });
});
