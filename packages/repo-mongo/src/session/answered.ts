import { setTimeout as delay } from 'node:timers/promises';

/** How long after its own limit the server may take to answer that a command was cancelled. */
const ANSWER_MS = 5000;

/** The server let the time pass in which it should have said at least that it gave up. */
export class NoAnswerError extends Error {}

/**
 * What a command gives. A server that is gone without a word answers nothing, and the driver would wait for it for ever:
 * rejects with a `NoAnswerError` then.
 *
 * @param maxTimeMs how long the server itself lets the command take.
 */
export async function answered<Result>(command: Promise<Result>, maxTimeMs: number): Promise<Result> {
  const patience = new AbortController();
  const late = delay(maxTimeMs + ANSWER_MS, undefined, { signal: patience.signal }).then(() => {
    throw new NoAnswerError('The server does not answer');
  });
  try {
    return await Promise.race([command, late]);
  } finally {
    patience.abort();
    late.catch(() => undefined);
    // Whatever comes of it later is nobody's concern any more.
    command.catch(() => undefined);
  }
}
