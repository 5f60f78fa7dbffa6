import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { asServerUser } from './user.js';

const STOP_MS = 20_000;

/** A file in the folder of a server that is killed to be started again. */
const STAYS = 'stays';

/** Deletes a folder ($0) when this process ends, unless it says something before. */
const FOLDER_GUARD = 'read -r word || rm -rf "$0"';

/**
 * Runs the server beside a watcher that reads from us: its read ends when this process ends, however it ends, and
 * then the server and its folder ($0) go too. An immediate shutdown ($1), because nobody will need the data. The folder of
 * a server that is killed to be started again stays.
 */
const GUARD = `
exec 3<&0 </dev/null
signal=$1
shift
"$@" 3<&- &
server=$!
trap 'kill -$signal $server' HUP INT TERM
{ cat <&3; kill -$signal $server; } >/dev/null 2>&1 &
while kill -0 $server 2>/dev/null; do wait $server; done
[ -e "$0/${STAYS}" ] || rm -rf "$0"
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
}

/** A server in a process group of its own, so that a Ctrl-C in the terminal is not for it. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #endsBy: NodeJS.Signals;
  readonly #exit: Promise<unknown>;
  #folderGuard: ChildProcess | undefined;

  constructor(launch: Launch) {
    const guarded = ['sh', '-c', GUARD, launch.folder, launch.endsBy, ...launch.command] as const;
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

  /** Ends the server's process (not its watcher) at once, and keeps its folder for the next start. */
  async kill(pid: number): Promise<void> {
    const folderGuard = spawn('sh', ['-c', FOLDER_GUARD, this.#folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    folderGuard.unref();
    folderGuard.stdin.on('error', () => undefined);
    (folderGuard.stdin as { unref?: () => void }).unref?.();
    this.#folderGuard = folderGuard;
    await writeFile(join(this.#folder, STAYS), '');
    this.#child.ref();
    process.kill(pid, 'SIGKILL');
    await this.#exit;
  }

  /** The folder is the watcher's of a next start again, or gone. */
  async release(): Promise<void> {
    await rm(join(this.#folder, STAYS), { force: true });
    this.#folderGuard?.stdin?.end('stays\n');
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
    await this.release();
  }
}

/** What a server has logged: through the open file, because the server's folder goes with the server. */
export async function readLog(log: FileHandle): Promise<string> {
  const { size } = await log.stat();
  return (await log.read(Buffer.alloc(size), 0, size, 0)).buffer.toString();
}
