import { expect, test } from 'vitest';
import { shareIn } from '../src/mysql/programs.js';

const option = (name: string, value: string) => `${name.padEnd(60)} ${value}\n`;
const NONE = option('lc-messages-dir', '(No default value)');

test.each([
  ['the folder of its texts', option('lc-messages-dir', '/opt/my sql/share/'), '/opt/my sql/share/'],
  ['no folder of its texts', option('character-sets-dir', '/opt/share/mysql/charsets/') + NONE, '/opt/share/mysql'],
  ['neither', NONE, '/usr/share/mysql'],
])('The share of a server whose help names %s', (_what, help, share) => {
  expect(shareIn(option('lc-messages', 'en_US') + help)).toBe(share);
});
