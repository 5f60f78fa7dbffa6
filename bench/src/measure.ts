import { createDatabase, type EngineName, startEngine } from '@jobsweep/test-engines';
import { type Adapter, isFor } from './jobsweep.js';
import type { Result } from './results/result.js';
import type { Stage } from './stage.js';
import { ON_MONGODB, WORKLOADS } from './workloads/index.js';

export interface Plan extends Pick<Stage, 'rows' | 'rounds' | 'isLong'> {
  readonly workloads: readonly string[];
  readonly adapters: readonly Adapter[];
}

/** MongoDB gets so many times fewer rows. */
const MONGO_PART = 20;

/** Measures workloads on a server with fsync, and gives each result as soon as it is there. */
export async function* measure(engine: EngineName, { workloads, adapters, ...plan }: Plan): AsyncGenerator<Result> {
  const server = await startEngine(engine, { durable: true });
  const isMongo = engine === 'mongodb';
  // The server that stands in for MongoDB here is many times slower than it.
  const rows = isMongo ? Math.ceil(plan.rows / MONGO_PART) : plan.rows;
  const shared = { engine, server, rows, adapters: adapters.filter((adapter) => isFor(adapter, engine)) };
  try {
    for (const workload of workloads.filter((name) => !isMongo || ON_MONGODB.includes(name))) {
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
