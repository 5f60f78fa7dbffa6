import { enginesOfRun } from '@jobsweep/test-engines/vitest';
import { describe, expect, test } from 'vitest';
import { useCluster } from './support/clusters.js';

const PRODUCTS = { postgres: 'PostgreSQL', mysql: 'MySQL', mariadb: 'MariaDB' } as const;

describe.each(enginesOfRun())('inspect.server on %s', (engine) => {
  const cluster = useCluster(engine);

  test('names the product, its version and its time zone', async () => {
    const { product, version, timeZone } = await cluster.store().inspect.server();
    expect(product).toBe(PRODUCTS[engine as keyof typeof PRODUCTS]);
    expect(version).toMatch(/^\d+\.\d+/);
    expect(timeZone).toMatch(/\w/);
  });

  test("tells the server's clock at some moment between the question and the answer", async () => {
    const before = Date.parse(await cluster.now());
    const { now } = await cluster.store().inspect.server();
    const after = Date.parse(await cluster.now());
    expect(now.getTime()).toBeGreaterThanOrEqual(before);
    expect(now.getTime()).toBeLessThanOrEqual(after);
  });

  test('stops with its signal', async () => {
    const look = cluster.store().inspect.server({ signal: AbortSignal.abort() });
    await expect(look).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
