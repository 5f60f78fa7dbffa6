import { QUEUES, type Queue } from '../beside/queues.js';
import type { Contender } from '../contender.js';
import { interleaved, milliseconds, type Take } from '../interleaved.js';
import { jobsweep } from '../jobsweep.js';
import { PER_ROW } from '../report/tables.js';
import type { Measure } from '../stage.js';

/** Finished jobs of queues that delete them by themselves, on PostgreSQL: by the queue, and by jobsweep in its place. */
export const queues: Measure = async function* (stage) {
  if (stage.engine !== 'postgres') return;
  const { adapters, rows, rounds } = stage;
  for (const [name, { node, open }] of Object.entries(QUEUES)) {
    if (Number.parseInt(process.versions.node, 10) < node) {
      console.error(`queues: ${name} is for Node ${node} and later`);
      continue;
    }
    const url = await stage.database();
    const queue = await open(url);
    const contenders: Contender[] = [];
    try {
      const takes = new Map<string, Take>([[name, () => timeOf(queue, rows, () => queue.clean())]]);
      for (const adapter of adapters) {
        const contender = await jobsweep(adapter, { url, hasLogs: false, mapping: queue.mapping });
        contenders.push(contender);
        takes.set(adapter, () => timeOf(queue, rows, () => contender.drain('purge')));
      }
      yield { workload: `queue of ${name}`, rows, unit: PER_ROW, rounds: await interleaved(rounds, takes) };
    } finally {
      await Promise.all(contenders.map((contender) => contender.close()));
      await queue.close();
    }
  }
};

/** Microseconds a row. Throws where jobs that are due stay, or others go. */
async function timeOf(queue: Queue, rows: number, work: () => Promise<unknown>): Promise<number> {
  await queue.fill(rows);
  const ms = await milliseconds(work);
  const left = await queue.count();
  if (left !== rows) throw new Error(`${left} jobs are left of ${2 * rows}, and ${rows} were due`);
  return (ms * 1000) / rows;
}
