import { type Claim, type ClaimRequest, checkClaimRequest, invalidOption } from '@jobsweep/core';
import { NAME_LIMITS } from './limits.js';

/** Throws `INVALID_OPTION` for a request that nobody can be given a turn for, and `ABORTED`. */
export function checkRequest(request: ClaimRequest): void {
  checkClaimRequest(request);
  checkName('strategy', request.strategy);
  checkName('holder', request.holder);
}

/** Throws `INVALID_OPTION` for what was never a claim. */
export function checkClaim({ term, ...claim }: Claim): void {
  checkRequest(claim);
  if (!Number.isSafeInteger(term)) throw invalidOption('term', term, 'give the claim as `acquire` gave it');
}

/** Throws `INVALID_OPTION` for a name that its column cannot hold, or that some collations take for another one. */
export function checkName(field: keyof typeof NAME_LIMITS, name: string): void {
  const isName = typeof name === 'string' && name !== '' && name.length <= NAME_LIMITS[field];
  if (isName && name.trim() === name && !/[\0\p{Cs}]/u.test(name)) return;
  const fix = `give 1 to ${NAME_LIMITS[field]} characters, without spaces around them`;
  throw invalidOption(field, typeof name === 'string' ? name.slice(0, 80) : name, fix);
}
