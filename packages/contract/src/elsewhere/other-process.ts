import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClaimAnswer, ClaimRequest } from '@jobsweep/core';
import type { Elsewhere } from '../cluster.js';
import type { Order, PassOrder, PassTold, Told } from './messages.js';

/** The program as it was compiled, also for a suite that runs from its sources. */
const PROGRAM = fileURLToPath(new URL('../../dist/elsewhere/process.js', import.meta.url));

const OPTIONS: ForkOptions = { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] };

/** A runner on another machine, as far as a database can tell: a process that the suite can freeze, wake and kill. */
export class OtherProcess {
  private readonly told: Told[] = [];
  private notify: () => void = () => undefined;

  private constructor(private readonly child: ChildProcess) {
    const add = (message: Told) => {
      this.told.push(message);
      this.notify();
    };
    child.on('message', (message) => add(message as Told));
    child.on('exit', (code, signal) => add({ told: 'error', message: `It ended: ${signal ?? code}` }));
  }

  /** Starts a process and opens a store in it, with a clock that is so far from the real one. */
  static async start(elsewhere: Elsewhere, clockShiftMs = 0): Promise<OtherProcess> {
    const start = JSON.stringify({ ...elsewhere, clockShiftMs });
    const started = new OtherProcess(fork(PROGRAM, [start], OPTIONS));
    await started.next('ready');
    return started;
  }

  async acquire(request: ClaimRequest): Promise<ClaimAnswer> {
    this.order({ do: 'acquire', request });
    return (await this.next('answer')).answer;
  }

  /** Begins a pass. It goes on until `waitAt`, or to its end. */
  begin(order: PassOrder): void {
    this.order({ do: 'pass', order });
  }

  /** Resolves once the pass is where it waits. */
  async reached(): Promise<void> {
    await this.next('reached');
  }

  /** The operating system gives it no more time, in the middle of whatever it does. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  /** It goes on, and knows nothing of the time that went by. Gives what comes of its pass. */
  async wake(): Promise<PassTold> {
    this.child.kill('SIGCONT');
    this.order({ do: 'go on' });
    return (await this.next('pass')).pass;
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.ended(() => this.child.kill('SIGKILL'));
  }

  async close(): Promise<void> {
    this.child.kill('SIGCONT');
    await this.ended(() => this.order({ do: 'end' }));
  }

  private async ended(end: () => unknown): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    end();
    await exit;
  }

  private order(order: Order): void {
    this.child.send(order);
  }

  private async next<What extends Told['told']>(what: What): Promise<Extract<Told, { readonly told: What }>> {
    for (;;) {
      const message = this.told.shift();
      if (message?.told === what) return message as Extract<Told, { readonly told: What }>;
      if (message !== undefined) throw new Error(`The other process told ${JSON.stringify(message)}, not "${what}"`);
      await new Promise<void>((resolve) => {
        this.notify = resolve;
      });
    }
  }
}
