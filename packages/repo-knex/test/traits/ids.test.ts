import { describe } from 'vitest';
import { TABLES } from '../support/cluster.js';
import { describeLayout } from '../support/layout.js';

const idsOfType = (type: string) => TABLES.replaceAll(/bigint (primary|references)/g, `${type} $1`);

describe('ids', () => {
  describeLayout('as integers beyond 2^53, where neighbours are the same number to JavaScript', {
    id: (number) => String(9_007_199_254_740_992n + BigInt(number)),
  });

  describeLayout('as negative integers', { id: (number) => String(number - 100) });

  describeLayout('as numerics beyond 64 bits', {
    tables: idsOfType('numeric'),
    id: (number) => String(10n ** 30n + BigInt(number)),
  });

  describeLayout('as uuids', {
    tables: idsOfType('uuid'),
    id: (number) => `0196a3f0-7e1c-7b52-9d9f-${String(number).padStart(12, '0')}`,
  });

  describeLayout('as texts with every character that SQL or arrays give a meaning', {
    tables: idsOfType('text'),
    id: (number) => `${String(number).padStart(2, '0')} "a", {b}\\ 'c' NULL ? :d $1 ü 漢 %`,
  });

  describeLayout('as short texts that look like numbers', {
    tables: idsOfType('varchar(12)'),
    id: (number) => String(number).padStart(12, '0'),
  });
});
