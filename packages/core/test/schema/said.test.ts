import { describe, expect, it } from 'vitest';
import { resolveSchema } from '../../src/index.js';
import { errorWith } from '../support.js';

const jobsOf = (columns: object) => resolveSchema({ jobs: { columns } }).jobs;

describe('what a repair says', () => {
  it('is text in a column each, unless the mapping says otherwise', () => {
    expect(jobsOf({}).said).toEqual({ error_msg: { text: 'errorMsg' }, exit_code: { text: 'exitCode' } });
    expect(jobsOf({ errorMsg: { column: 'note' }, exitCode: null }).said).toEqual({ note: { text: 'errorMsg' } });
  });

  it('may be JSON, a number, or the other one', () => {
    const json = { code: { text: 'exitCode' }, lines: [{ text: 'errorMsg' }] };
    const { said, columns } = jobsOf({
      errorMsg: { column: 'a', json },
      exitCode: { column: 'b', number: 'exitCode' },
    });
    expect(said).toEqual({ a: { json }, b: { number: 'exitCode' } });
    expect(columns).toMatchObject({ errorMsg: 'a', exitCode: 'b' });
    expect(jobsOf({ errorMsg: { column: 'a', text: 'exitCode' } }).said).toMatchObject({ a: { text: 'exitCode' } });
  });

  it.each([
    [{ errorMsg: {} }, 'schema.jobs.columns.errorMsg.column is null. Give the name as the database has it.'],
    [
      { errorMsg: { column: 'a', as: 1 } },
      'schema.jobs.columns.errorMsg.as is not an option. Use column, json, number, text.',
    ],
    [
      { exitCode: { column: 'a', number: 'errorMsg' } },
      'schema.jobs.columns.exitCode.number is "errorMsg". Use exitCode.',
    ],
    [
      { exitCode: { column: 'a', json: 1, text: 'exitCode' } },
      'schema.jobs.columns.exitCode is {"json":1,"text":"exitCode"}. Give a text, a finite number, a boolean, null, or an object with one of now, text, number, json, increment.',
    ],
  ])('is refused: %j', (columns, message) => {
    expect(() => jobsOf(columns)).toThrow(errorWith('INVALID_SCHEMA', message));
  });
});
