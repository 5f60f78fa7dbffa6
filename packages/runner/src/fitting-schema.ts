import { type CleanupStore, JobsweepError } from '@jobsweep/core';

/** Throws `SCHEMA_MISMATCH` with all that does not fit between the mapping and the tables. */
export async function requireFittingSchema<Session>(
  { inspect }: Pick<CleanupStore<Session>, 'inspect'>,
  signal?: AbortSignal,
): Promise<void> {
  const findings = await inspect.schema({ signal });
  if (findings.length === 0) return;
  const list = findings.map(({ path, problem, fix }) => `\n- schema.${path}: ${problem}. ${fix}.`);
  throw new JobsweepError('SCHEMA_MISMATCH', `The mapping does not fit the tables:${list.join('')}`);
}
