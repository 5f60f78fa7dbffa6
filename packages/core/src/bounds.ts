import { invalidOption } from './errors.js';

/** How long the transactions of a store may take, and how often one is tried. */
export interface BoundsOptions {
  /** A statement may take this long before it is cancelled. Default: 30. */
  readonly statementTimeoutSeconds?: number;
  /** A statement may wait this long for a lock. Default: 5. */
  readonly lockTimeoutSeconds?: number;
  /** A transaction may be idle this long before the server ends it. Default: 60. */
  readonly idleTimeoutSeconds?: number;
  /** How often a transaction is tried in all when it meets a deadlock, conflict or lock timeout. Default: 3. */
  readonly maxAttempts?: number;
}

/** The same with nothing left open. */
export type Bounds = Required<BoundsOptions>;

const MAX_SECONDS = 86_400;
const MAX_ATTEMPTS = 100;

/**
 * For adapters: fills in the defaults. Throws `INVALID_OPTION` for a number that bounds nothing, and for any other option:
 * somebody who gives filters, say, and is not heard loses rows.
 *
 * @example
 * const { filters, ...others } = options;
 * const { lockTimeoutSeconds, maxAttempts } = boundsOf(others);
 */
export function boundsOf(options: { readonly [Name in keyof Bounds]?: Bounds[Name] | undefined }): Bounds {
  const { statementTimeoutSeconds = 30, lockTimeoutSeconds = 5, idleTimeoutSeconds = 60, ...more } = options;
  const { maxAttempts = 3, ...others } = more;
  const seconds = { statementTimeoutSeconds, lockTimeoutSeconds, idleTimeoutSeconds };
  for (const [field, value] of Object.entries(others))
    throw invalidOption(field, value, 'leave it out, it is no option');
  for (const [field, value] of Object.entries(seconds)) {
    if (value > 0 && value <= MAX_SECONDS) continue;
    throw invalidOption(field, value, `give seconds above 0 and at most ${MAX_SECONDS}`);
  }
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
    throw invalidOption('maxAttempts', maxAttempts, `give a whole number from 1 to ${MAX_ATTEMPTS}`);
  }
  return { ...seconds, maxAttempts };
}
