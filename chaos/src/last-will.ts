import { type ChildProcess, spawn } from 'node:child_process';

/** Something to do, in a shell, when this process ends, however it ends: also by SIGKILL. */
export class LastWill {
  readonly #shell: ChildProcess;

  /** @param script with the argument as `$0`. */
  constructor(script: string, argument: string) {
    // Its read ends when we end, and when we say so.
    const guarded = `read -r word; [ "$word" = cancel ] || { ${script}; }`;
    this.#shell = spawn('sh', ['-c', guarded, argument], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  }

  /** Does it now. */
  now(): Promise<void> {
    return this.#end('now\n');
  }

  /** It is not needed any more. */
  cancel(): Promise<void> {
    return this.#end('cancel\n');
  }

  async #end(word: string): Promise<void> {
    const exited = new Promise<void>((resolve) => this.#shell.once('exit', () => resolve()));
    if (this.#shell.exitCode !== null) return;
    this.#shell.stdin?.end(word);
    await exited;
  }
}
