import { FIELD } from './fields.js';
import type { SkipReason } from './skips.js';

type FinalState = 'COMPLETED' | 'FAILED' | 'CANCELLED';

/**
 * One job of a log. Times are seconds on the log's own clock: after its start, or since 1970 where the log says so.
 * What the log does not know is `null`.
 */
export interface SwfRecord {
  readonly id: number;
  readonly submitSeconds: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly state: FinalState;
  readonly processors: number | null;
  readonly userId: number | null;
  readonly executable: number | null;
  readonly queue: number | null;
}

const UNKNOWN = -1;
const PARTIAL = 2;
const STATES: Readonly<Record<number, FinalState>> = { 0: 'FAILED', 5: 'CANCELLED' };

/** Beyond this (three centuries) a time is a mistake, and no database could hold what is computed from it. */
const MAX_SECONDS = 1e10;
const MAX_SMALL = 2 ** 31 - 1;

/** A record that was continued later: its last part tells the whole. */
export function isPartial(fields: readonly number[]): boolean {
  return at(fields, 'status') === PARTIAL;
}

/** Reads a record out of its fields, or says why there is none in them. */
export function toRecord(fields: readonly number[]): SwfRecord | SkipReason {
  const submit = at(fields, 'submit');
  const wait = at(fields, 'wait');
  const run = at(fields, 'run');
  if (submit === UNKNOWN) return 'noSubmitTime';
  if (run < 0) return 'noRunTime';
  if ([submit, wait, run].some((seconds) => Math.abs(seconds) > MAX_SECONDS)) return 'impossibleTime';
  const startSeconds = submit + Math.max(0, wait);
  return {
    id: at(fields, 'id'),
    submitSeconds: submit,
    startSeconds,
    endSeconds: startSeconds + run,
    state: STATES[at(fields, 'status')] ?? 'COMPLETED',
    processors: known(at(fields, 'allocatedProcessors')) ?? known(at(fields, 'requestedProcessors')),
    userId: known(at(fields, 'user')),
    executable: known(at(fields, 'executable')),
    queue: known(at(fields, 'queue')),
  };
}

function at(fields: readonly number[], name: keyof typeof FIELD): number {
  return fields[FIELD[name]] ?? UNKNOWN;
}

function known(value: number): number | null {
  return Number.isInteger(value) && value >= 0 && value <= MAX_SMALL ? value : null;
}
