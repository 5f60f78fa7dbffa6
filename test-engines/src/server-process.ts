import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { asServerUser } from './user.js';

const STOP_MS = 20_000;

/** Deletes a folder ($0) when this process ends, or says so. A server that is about to end may still write to it. */
const FOLDER_GUARD = 'read -r word; until rm -rf "$0"; do sleep 0.1; done 2>/dev/null';

/**
 * Runs the server beside a watcher that reads from us: its read ends when this process ends, however it ends, and
 * then the server and its folder ($0) go too. An immediate shutdown ($1), because nobody will need the data. The folder of
 * one that may be started again ($2) stays.
 */
const GUARD = `
exec 3<&0 </dev/null
signal=$1 stays=$2
shift 2
"$@" 3<&- &
server=$!
trap 'kill -$signal $server' HUP INT TERM
{ cat <&3; kill -$signal $server; } >/dev/null 2>&1 &
while kill -0 $server 2>/dev/null; do wait $server; done
[ "$stays" = true ] || rm -rf "$0"
`;

export interface Launch {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Ends the server at once, with its children: what it holds is lost. */
  readonly endsBy: 'QUIT' | 'KILL';
  /** The server's own folder, deleted when it ends. */
  readonly folder: string;
  readonly log: FileHandle;
  /** Live on when this process ends. */
  readonly keep: boolean;
  /** The folder stays when the server ends, until `stop`, or until this process ends. */
  readonly stays: boolean;
}

/** Deletes a folder when this process ends, however it ends. */
function removeAtEnd(folder: string): void {
  const guard = spawn('sh', ['-c', FOLDER_GUARD, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  guard.stdin.on('error', () => undefined);
  (guard.stdin as { unref?: () => void }).unref?.();
}

/** A server in a process group of its own, so that a Ctrl-C in the terminal is not for it. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #endsBy: NodeJS.Signals;
  readonly #exit: Promise<unknown>;

  constructor(launch: Launch) {
    const guarded = ['sh', '-c', GUARD, launch.folder, launch.endsBy, String(launch.stays), ...launch.command] as const;
    if (launch.stays) removeAtEnd(launch.folder);
    const [program, ...args] = launch.keep ? launch.command : guarded;
    const stdin = launch.keep ? 'ignore' : 'pipe';
    const stdio = [stdin, launch.log.fd, launch.log.fd] as const;
    this.#child = spawn(program, args, { ...asServerUser(), detached: true, stdio: [...stdio] });
    this.#folder = launch.folder;
    this.#endsBy = `SIG${launch.endsBy}`;
    // The watcher's pipe is ours to close once there is nothing to watch.
    this.#exit = once(this.#child, 'exit').finally(() => this.#child.stdin?.destroy());
    this.#exit.catch(() => undefined);
    this.#child.stdin?.on('error', () => undefined);
  }

  hasEnded(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Lets this process end while the server runs. */
  unref(): void {
    this.#child.unref();
    (this.#child.stdin as { unref?: () => void } | null)?.unref?.();
  }

  /** Ends the server's process (not its watcher) at once. */
  async kill(pid: number): Promise<void> {
    this.#child.ref();
    if (!this.hasEnded()) process.kill(pid, 'SIGKILL');
    await this.#exit;
  }

  /** Ends the server and deletes its folder. Safe to call again. */
  async stop(): Promise<void> {
    if (!this.hasEnded()) {
      this.#child.ref();
      if (this.#child.stdin) this.#child.stdin.end();
      else this.#child.kill(this.#endsBy);
      const patience = new AbortController();
      await Promise.race([this.#exit, delay(STOP_MS, undefined, { signal: patience.signal })]);
      patience.abort();
      if (!this.hasEnded()) process.kill(-(this.#child.pid ?? 0), 'SIGKILL');
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What a server has logged: through the open file, because the server's folder goes with the server. */
export async function readLog(log: FileHandle): Promise<string> {
  const { size } = await log.stat();
  return (await log.read(Buffer.alloc(size), 0, size, 0)).buffer.toString();
}
