import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command, running. Without `env` it uses the embedded PostgreSQL. */
export class Demo {
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private stdout = '';
  private stderr = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const { PATH, HOME, TMPDIR } = process.env;
    this.child = spawn(process.execPath, [CLI, ...args], {
      env: { PATH, HOME, TMPDIR, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.closed = once(this.child, 'close');
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Waits until the command has printed `text`. */
  async printed(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      const chunk = this.child.stdout && once(this.child.stdout, 'data');
      const ended = await Promise.race([chunk, this.closed.then(() => 'ended')]);
      if (ended === 'ended') throw new Error(`Ended without printing ${text}: ${this.stdout}${this.stderr}`);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops reading what it prints, as \`head\` does. */
  closeOutput(): void {
    this.child.stdout?.destroy();
  }

  async end(): Promise<Ended> {
    await this.closed;
    return { status: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }
}

export const runDemo = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> => new Demo(args, env).end();
