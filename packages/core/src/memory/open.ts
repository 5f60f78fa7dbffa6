import { JobsweepError } from '../errors.js';
import type { MemorySession } from './engine/session.js';

/** Throws `SESSION_NOT_IN_TRANSACTION` for what is no open transaction. */
export function requireOpen(session: MemorySession | undefined): void {
  // One that its server ended says so itself, with its first statement.
  if (session?.isOpen === true || session?.isEndedByServer === true) return;
  const fix = 'Begin one with database.begin(), or use store.transaction(...)';
  throw new JobsweepError('SESSION_NOT_IN_TRANSACTION', `The session is no open transaction. ${fix}.`);
}
