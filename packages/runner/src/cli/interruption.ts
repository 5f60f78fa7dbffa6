import { constants } from 'node:os';
import { EXIT, type ExitCode } from './exit.js';

type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/** Somebody wants the command to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly signalName: EndingSignal) {
    super(`Stopped by ${signalName}`);
  }

  /** As a shell counts: 130 for SIGINT, 143 for SIGTERM. */
  get exitStatus(): number {
    return exitStatusOf(this.signalName);
  }
}

/** How a command ends that has told what it did: as its signal says where it was interrupted, else by what came of it. */
export function exitStatus({ reason }: AbortSignal, isFine: boolean): ExitCode {
  if (reason instanceof Interrupted) return reason.exitStatus;
  return isFine ? EXIT.ok : EXIT.findings;
}

const exitStatusOf = (name: EndingSignal): number => 128 + constants.signals[name];

/**
 * Turns the signals that end a program, and a reader of the output that went away, into an abort, whose reason is
 * `Interrupted`. The second SIGINT or SIGTERM ends the process at once; the server rolls back what is open then.
 */
export function abortWhenInterrupted(): AbortSignal {
  const controller = new AbortController();
  const abort = (name: EndingSignal) => {
    if (controller.signal.aborted && name !== 'SIGPIPE') process.exit(exitStatusOf(name));
    controller.abort(new Interrupted(name));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => abort(name));
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => abort('SIGPIPE'));
  return controller.signal;
}
