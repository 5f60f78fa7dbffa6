import { connectPlain } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import { describe, expect, test } from 'vitest';
import { startTap } from '../src/cost/tap.js';

const BYTES = 200_000;

for (const engine of enginesOfRun()) {
  describe(`On ${engine}`, () => {
    const database = freshDatabase('bench-tap', engine);

    test('each statement is a round trip, however large it is and whether it has values', async () => {
      const tap = await startTap(database.url);
      const sql = await connectPlain(tap.url);
      const before = tap.traffic();
      await sql.query('select 1');
      await sql.query('select ? as text', ['x'.repeat(BYTES)]);
      await sql.query(`select length('${'x'.repeat(BYTES)}') as n`);
      const after = tap.traffic();
      await sql.close();
      await tap.close();
      expect(after.roundTrips - before.roundTrips).toBe(3);
      // Two of the texts go there, and one comes back.
      expect(after.bytes - before.bytes).toBeGreaterThan(3 * BYTES);
      expect(after.bytes - before.bytes).toBeLessThan(4 * BYTES);
    });
  });
}
