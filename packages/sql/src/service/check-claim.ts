import { type Claim, type ClaimRequest, invalidOption } from '@jobsweep/core';
import { NAME_LIMITS } from './limits.js';

const MAX_TERM_SECONDS = 3600;
const MAX_NOT_WITHIN_SECONDS = 100 * 365 * 86_400;

/** Throws `INVALID_OPTION` for a request that nobody can be given a turn for. */
export function checkRequest({ strategy, holder, termSeconds, notWithinSeconds = 0 }: ClaimRequest): void {
  checkName('strategy', strategy);
  checkName('holder', holder);
  checkTermSeconds(termSeconds);
  if (!(notWithinSeconds >= 0 && notWithinSeconds <= MAX_NOT_WITHIN_SECONDS)) {
    throw invalidOption('notWithinSeconds', notWithinSeconds, 'give seconds, 0 or more');
  }
}

/** Throws `INVALID_OPTION` for what was never a claim. */
export function checkClaim({ strategy, holder, term, termSeconds }: Claim): void {
  checkName('strategy', strategy);
  checkName('holder', holder);
  checkTermSeconds(termSeconds);
  if (!Number.isSafeInteger(term)) throw invalidOption('term', term, 'give the claim as `acquire` gave it');
}

/** Throws `INVALID_OPTION` for a name that its column cannot hold, or that some collations take for another one. */
export function checkName(field: keyof typeof NAME_LIMITS, name: string): void {
  const isName = typeof name === 'string' && name !== '' && name.length <= NAME_LIMITS[field];
  if (isName && name.trim() === name && !/[\0\p{Cs}]/u.test(name)) return;
  const fix = `give 1 to ${NAME_LIMITS[field]} characters, without spaces around them`;
  throw invalidOption(field, typeof name === 'string' ? name.slice(0, 80) : name, fix);
}

function checkTermSeconds(termSeconds: number): void {
  if (termSeconds >= 1 && termSeconds <= MAX_TERM_SECONDS) return;
  throw invalidOption('termSeconds', termSeconds, `give seconds from 1 to ${MAX_TERM_SECONDS}`);
}
