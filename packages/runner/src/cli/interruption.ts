import { constants } from 'node:os';

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
