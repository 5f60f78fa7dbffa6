import { BSON } from 'mongodb';
import { expect, test } from 'vitest';
import { rowOf, toDocument } from '../../src/cluster/documents.js';
import { JOB_COLUMNS, type JobRow } from '../../src/cluster/rows.js';
import { job } from '../support/rows.js';

/** A row after a way to the server and back. */
const stored = (document: object) =>
  rowOf<JobRow>(JOB_COLUMNS, BSON.deserialize(BSON.serialize(document), { promoteValues: false, promoteLongs: false }));

const document = toDocument(JOB_COLUMNS, job(5, { processors: 4, startTime: 1_700_000_000_123_000 }));

test('a document is its row again', () => {
  expect(stored(document)).toEqual(job(5, { processors: 4, startTime: 1_700_000_000_123_000 }));
});

test.each([
  ['a number became a long', { processors: BSON.Long.fromNumber(4) }],
  ['a number became a double', { processors: new BSON.Double(4) }],
  ['a number became a text', { processors: '4' }],
  ['a time became a text', { startTime: '2023-11-14T22:13:20.123Z' }],
  ['a NULL is not there any more', { name: undefined }],
  ['a field is new', { lockedBy: 'me' }],
])('it shows that %s', (_, change) => {
  expect(stored({ ...document, ...change })).not.toEqual(stored(document));
});

test('an id that is no number is no row of the demo', () => {
  expect(() => stored({ ...document, _id: 'five' })).toThrow('id is no number');
});
