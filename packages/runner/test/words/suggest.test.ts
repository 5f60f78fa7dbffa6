import { expect, test } from 'vitest';
import { closestWord } from '../../src/words/suggest.js';

test.each([
  ['nmae', ['id', 'name', 'state'], 'name'],
  ['sttaus', ['state', 'status'], 'status'],
  ['idel', ['busy', 'idle'], 'idle'],
  ['jbos', ['logs', 'jobs'], 'jobs'],
  ['end_tiem', ['start_time', 'end_time'], 'end_time'],
  ['interval', ['intervalSeconds', 'timeoutSeconds'], 'intervalSeconds'],
  ['naem', ['id', 'same', 'name'], 'name'],
  ['quux', ['name', 'state'], undefined],
  ['di', ['ab', 'id'], undefined],
])('of what is near to %s in %j, %s was meant', (word, known, meant) => {
  expect(closestWord(word, known)).toBe(meant);
});
