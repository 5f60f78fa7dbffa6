import { invalidSchema } from '../errors.js';
import type { ViaOption } from './mapping.js';
import { keyNamed, named, rejectUnknown } from './option.js';
import { isPlainObject } from './resolve-condition.js';

/** The table between allocations and jobs. */
export interface Via {
  readonly schema: string | undefined;
  readonly table: string;
  /** What allocations name a row of it by. */
  readonly key: readonly string[];
  /** What it names the job by, in the order of the job's key. */
  readonly jobId: readonly string[];
}

/** Fills in the defaults. Throws `INVALID_SCHEMA` with the path of the mistake. */
export function resolveVia(path: string, option: ViaOption): Via {
  if (!isPlainObject(option)) throw invalidSchema(`${path} is ${JSON.stringify(option)}`, 'Give an object');
  rejectUnknown(path, option, ['schema', 'table', 'key', 'jobId']);
  // Whoever writes no TypeScript may leave it out.
  const { table = null } = option as Partial<ViaOption>;
  return {
    schema: named(`${path}.schema`, option.schema, undefined),
    table: named(`${path}.table`, table, ''),
    key: keyNamed(`${path}.key`, option.key, 'id'),
    jobId: keyNamed(`${path}.jobId`, option.jobId, 'job_id'),
  };
}
