import { createDatabase, type EngineName, startEngine } from '@jobsweep/test-engines';
import { type Adapter, isFor } from './jobsweep.js';
import type { Result } from './results/result.js';
import type { Stage } from './stage.js';
import { WORKLOADS } from './workloads/index.js';

export interface Plan extends Pick<Stage, 'rows' | 'rounds' | 'isLong'> {
  readonly workloads: readonly string[];
  readonly adapters: readonly Adapter[];
}

/** Measures workloads on a server with fsync, and gives each result as soon as it is there. */
export async function* measure(engine: EngineName, { workloads, adapters, ...plan }: Plan): AsyncGenerator<Result> {
  const server = await startEngine(engine, { durable: true });
  const shared = { engine, server, adapters: adapters.filter((adapter) => isFor(adapter, engine)) };
  try {
    for (const workload of workloads) {
      const dropped: (() => Promise<void>)[] = [];
      const database = async () => {
        const made = await createDatabase(server.url, { prefix: 'bench' });
        dropped.push(() => made.drop());
        return made.url;
      };
      try {
        const findings = WORKLOADS[workload]?.({ ...plan, ...shared, database }) ?? [];
        for await (const finding of findings) yield { ...finding, engine, server: server.version };
      } finally {
        for (const drop of dropped) await drop();
      }
    }
  } finally {
    await server.stop();
  }
}
