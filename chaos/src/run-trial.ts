import type { EngineName } from '@jobsweep/test-engines';
import type { Result } from './report.js';
import { Stage } from './stage.js';
import { Skipped, type Trial } from './trial.js';

/** Longer than any trial takes that goes on at all. */
const TRIAL_MS = 1_000_000;

/** Runs one trial on one engine. Whatever happens, what it started is ended. */
export async function runTrial(
  trial: Trial,
  engine: EngineName,
  isShort: boolean,
  ending: AbortSignal,
): Promise<Result> {
  const began = performance.now();
  const signal = AbortSignal.any([ending, AbortSignal.timeout(TRIAL_MS)]);
  const stage = new Stage(engine, isShort, signal);
  let skipped: string | undefined;
  try {
    await Promise.race([trial.run(stage), rejection(signal)]);
  } catch (error) {
    if (error instanceof Skipped) skipped = error.message;
    else stage.find(error instanceof Error && !ending.aborted ? (error.stack ?? error.message) : String(error));
  } finally {
    await stage.end();
  }
  const outcome = stage.findings.length > 0 ? 'failed' : skipped === undefined ? 'held' : 'skipped';
  const notes = skipped === undefined ? stage.notes : [skipped];
  return { trial, engine, outcome, findings: stage.findings, notes, seconds: (performance.now() - began) / 1000 };
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
