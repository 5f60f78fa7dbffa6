import type { StoreDiagnosis, StoreInspection } from '@jobsweep/core';

/** What the store's adapter has for `jobsweep doctor`. */
export function diagnosisOf({ inspect }: { readonly inspect: StoreInspection }): StoreDiagnosis {
  if (inspect.diagnosis === undefined) throw new Error('The adapter has no diagnosis');
  return inspect.diagnosis;
}
