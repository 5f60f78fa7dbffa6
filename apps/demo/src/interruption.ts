import { constants } from 'node:os';

type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/** Somebody wants the program to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly signalName: EndingSignal) {
    super(signalName);
  }

  /** As a shell counts: 130 for SIGINT, 143 for SIGTERM. */
  get exitStatus(): number {
    return 128 + constants.signals[this.signalName];
  }
}

/**
 * Turns the signals that end a program, and a reader of the output that went away, into an abort, whose reason is
 * `Interrupted`. Later signals change nothing: cleaning up is bounded, and one Ctrl-C can arrive more than once.
 */
export function abortWhenInterrupted(): AbortSignal {
  const controller = new AbortController();
  const abort = (name: EndingSignal) => controller.abort(new Interrupted(name));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => abort(name));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => abort('SIGPIPE'));
  }
  return controller.signal;
}
