import { describe } from 'vitest';
import { TABLES } from '../support/cluster.js';
import { describeLayout } from '../support/layout.js';

const idsOfType = (type: string) => TABLES.replaceAll(/bigint (primary|references)/g, `${type} $1`);

describe('ids', () => {
  describeLayout('as negative integers', { id: (number) => String(number - 100) });

  describeLayout('as numerics beyond 64 bits', {
    tables: idsOfType('numeric'),
    id: (number) => String(10n ** 30n + BigInt(number)),
  });

  describeLayout('as short texts that look like numbers', {
    tables: idsOfType('varchar(12)'),
    id: (number) => String(number).padStart(12, '0'),
  });
});
