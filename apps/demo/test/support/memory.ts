import type { ClusterDatabase, Rows } from '../../src/cluster/database.js';
import { toHoldings } from '../../src/cluster/holdings.js';
import { importLog } from '../../src/cluster/import.js';
import type { AllocationRow, Holding, JobRow } from '../../src/cluster/rows.js';
import { SwfReader } from '../../src/swf/reader.js';

/** The demo's database in memory, for what is decided outside of one. Its rows may be changed at will. */
export class MemoryDatabase implements ClusterDatabase {
  jobs = new Map<number, JobRow>();
  allocations = new Map<number, AllocationRow>();

  now = () => Promise.resolve(Date.now() * 1000);
  createTables = () => Promise.resolve();
  createIndexes = () => Promise.resolve();
  analyze = () => Promise.resolve();

  insert({ jobs, allocations }: Rows): Promise<void> {
    for (const row of jobs) this.jobs.set(row.id, row);
    for (const row of allocations) this.allocations.set(row.id, row);
    return Promise.resolve();
  }

  replace = (rows: Rows) => this.insert(rows);

  find(jobIds: readonly number[]): Promise<Holding[]> {
    return Promise.resolve(this.all.filter(({ jobId }) => jobIds.includes(jobId)));
  }

  async *holdings(jobsAtOnce: number): AsyncGenerator<Holding[]> {
    const all = await Promise.resolve(this.all);
    for (let from = 0; from < all.length; from += jobsAtOnce) yield all.slice(from, from + jobsAtOnce);
  }

  get all(): Holding[] {
    const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
    const jobs = [...this.jobs.values()].sort(byId);
    const allocations = [...this.allocations.values()].sort((a, b) => a.jobId - b.jobId || byId(a, b));
    return toHoldings(jobs, allocations);
  }

  copy(): MemoryDatabase {
    const copy = new MemoryDatabase();
    copy.jobs = new Map(this.jobs);
    copy.allocations = new Map(this.allocations);
    return copy;
  }
}

/** Reads a log into a database. */
export const importFile = (database: ClusterDatabase, path: string, rows?: number) =>
  importLog(database, new SwfReader(path).records(), rows, { onLaying() {}, onJobs() {}, onIndexing() {} });
