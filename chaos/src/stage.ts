import { setTimeout as delay } from 'node:timers/promises';
import {
  type EngineName,
  type OwnOptions,
  type OwnServer,
  poll,
  startOwnEngine,
  startProxy,
} from '@jobsweep/test-engines';
import type { Cluster } from './cluster.js';
import { type ConfigChanges, configOf, GRACE_SECONDS } from './config.js';
import { configFolder, writeConfig } from './folder.js';
import { Jobsweep } from './jobsweep.js';
import { type Counts, judge, NOTHING, type Strategy } from './judge.js';
import type { Load } from './load.js';
import { openMongoCluster } from './mongo/mongo-cluster.js';
import type { DueRows, Tables } from './rows.js';
import { openSqlCluster } from './sql/sql-cluster.js';

/** How long a cluster may take, once it is whole again, until nothing is due. */
const HEAL_SECONDS = 60;
const STOP_SECONDS = GRACE_SECONDS + 10;
/** Transactions of the application, with fewer of which a trial proves little. */
const MIN_LOAD = 50;
const END_MS = 40_000;

/** What a trial has to work with. Whatever it starts ends with it, and what is not so is kept as a finding. */
export class Stage {
  readonly findings: string[] = [];
  /** Figures for the table, such as how many rows were repaired. */
  readonly notes: string[] = [];
  readonly #ends: (() => Promise<unknown>)[] = [];
  #folder: string | undefined;
  #runners = 0;

  constructor(
    readonly engine: EngineName,
    readonly isShort: boolean,
    readonly signal: AbortSignal,
  ) {}

  /** Something to undo at the end of the trial; the last one first. */
  atEnd(undo: () => Promise<unknown>): void {
    this.#ends.push(undo);
  }

  async server(options: OwnOptions = {}): Promise<OwnServer> {
    const server = await startOwnEngine(this.engine, { ...options, signal: this.signal });
    this.atEnd(() => server.stop());
    return server;
  }

  /** Rows for a server of this kind: MongoDB's stand-in takes a tenth of what others do in the same time. */
  scaled(due: DueRows): DueRows {
    if (this.engine !== 'mongodb') return due;
    return Object.fromEntries(Object.entries(due).map(([kind, count]) => [kind, Math.ceil(count / 5)]));
  }

  /** A way to a server that can be spoiled. */
  async proxy(target: string) {
    const proxy = await startProxy({ target });
    this.atEnd(() => proxy.close());
    return proxy;
  }

  /** A new database with these rows and the ledger's triggers. The application may move: `address` is asked each time. */
  async cluster(server: { readonly url: string }, rows: Tables): Promise<Cluster> {
    const open = this.engine === 'mongodb' ? openMongoCluster : openSqlCluster;
    const cluster = await open(server.url, rows);
    this.atEnd(() => cluster.close());
    return cluster;
  }

  load(cluster: Cluster, workers = 4): Load {
    const load = cluster.load(workers);
    this.atEnd(() => load.stop());
    return load;
  }

  /** A config file for commands of jobsweep's. */
  async config(cluster: Cluster, url = cluster.url, changes?: ConfigChanges): Promise<string> {
    if (this.#folder === undefined) {
      const { path, remove } = await configFolder();
      this.atEnd(remove);
      this.#folder = path;
    }
    return writeConfig(this.#folder, `jobsweep-${this.#runners++}`, configOf(cluster.adapter, url, changes));
  }

  /** A process of `jobsweep start`, by the URL given. */
  async runner(cluster: Cluster, url?: string, changes?: ConfigChanges): Promise<Jobsweep> {
    const runner = new Jobsweep(await this.config(cluster, url, changes));
    this.atEnd(() => runner.kill());
    await runner.started(this.signal);
    if (runner.hasEnded) this.find(`jobsweep start ended: ${runner.lastWords}`);
    return runner;
  }

  runners(count: number, cluster: Cluster, url?: string, changes?: ConfigChanges): Promise<Jobsweep[]> {
    return Promise.all(Array.from({ length: count }, () => this.runner(cluster, url, changes)));
  }

  find(finding: string): void {
    this.findings.push(finding);
  }

  wait(seconds: number): Promise<void> {
    return delay(seconds * 1000, undefined, { signal: this.signal });
  }

  /** Waits until it is so; a finding where it is not in time. */
  async until(what: string, withinSeconds: number, isSo: () => Promise<boolean> | boolean): Promise<boolean> {
    const began = performance.now();
    const ask = async () => ((await isSo()) ? true : undefined);
    const answer = await poll(ask, { timeoutMs: withinSeconds * 1000, signal: this.signal });
    if (answer === undefined) this.find(`not within ${withinSeconds} s: ${what}`);
    else if (performance.now() - began > 5000) this.notes.push(`${what}: ${seconds(performance.now() - began)}`);
    return answer ?? false;
  }

  /** Waits until the health port says this of the runner. */
  says(who: Jobsweep, path: '/healthz' | '/readyz', status: number, withinSeconds = 15): Promise<boolean> {
    return this.until(`${path} is ${status}`, withinSeconds, async () => (await who.status(path)) === status);
  }

  /** Ends a process by SIGTERM, which it must obey in time. */
  async stop(who: Jobsweep): Promise<void> {
    const { code, seconds: took } = await who.stop(STOP_SECONDS);
    if (code === undefined) this.find(`SIGTERM did not end the process within ${STOP_SECONDS} s`);
    else if (code !== 0) this.find(`SIGTERM ended the process with ${code} after ${took.toFixed(1)} s`);
  }

  /** Ends the load, waits until nothing is due, stops the runners, and lets the ledger judge. */
  async settle(
    cluster: Cluster,
    runners: readonly Jobsweep[],
    { healSeconds = HEAL_SECONDS, load, leftDue = {}, mayBeNoise = false }: SettleOptions = {},
  ): Promise<void> {
    await load?.stop();
    const left = JSON.stringify({ ...NOTHING, ...leftDue });
    const isClean = async () => JSON.stringify(await cluster.due()) === left;
    if (!(await this.until('nothing is due', healSeconds, isClean))) {
      this.find(`left due: ${JSON.stringify(await cluster.due())}`);
      for (const runner of runners) this.find(`a runner's log: ${runner.complaints().slice(0, 8).join('\n')}`);
    }
    for (const runner of runners) {
      await this.says(runner, '/readyz', 200);
      await this.says(runner, '/healthz', 200, 1);
    }
    await Promise.all(runners.map((runner) => this.stop(runner)));
    for (const { noise } of runners)
      if (noise.length > 0 && !mayBeNoise) this.find(`not in the log: ${noise.slice(0, 5).join(' | ')}`);
    await this.judge(cluster);
    if (load !== undefined) {
      this.notes.push(`${load.committed} of the application`);
      if (load.committed < MIN_LOAD) this.find(`the application did too little, its last error: ${load.lastError}`);
    }
  }

  async judge(cluster: Cluster): Promise<void> {
    const { violations, repaired } = judge(cluster.opening, await cluster.entries());
    for (const violation of violations.slice(0, 5)) this.find(violation);
    if (violations.length > 5) this.find(`and ${violations.length - 5} more such changes`);
    if (total(repaired) === 0) this.find('nothing was repaired: the trial proves nothing');
    const history = await cluster.history();
    for (const strategy of Object.keys(repaired) as Strategy[]) {
      const [was, said] = [repaired[strategy], history[strategy]];
      if (said !== was) {
        this.find(`${strategy} repaired ${was} by the ledger and ${said} by the history`);
      }
    }
    this.notes.push(`${total(repaired)} repaired`);
  }

  /** Ends what was started, whatever happened. */
  async end(): Promise<void> {
    for (const undo of this.#ends.reverse()) {
      await Promise.race([undo(), delay(END_MS, undefined, { ref: false })]).catch((error: unknown) => {
        this.find(`at the end: ${String(error)}`);
      });
    }
  }
}

export interface SettleOptions {
  readonly load?: Load;
  readonly healSeconds?: number;
  /** Rows that stay due: the database refuses them. */
  readonly leftDue?: Partial<Counts>;
  /** Whether the log may be other than JSON. */
  readonly mayBeNoise?: boolean;
}

const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;
