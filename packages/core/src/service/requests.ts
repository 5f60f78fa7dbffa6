import type { Key } from '../driver/exact.js';
import type { Table } from '../driver/table.js';
import { invalidOption, throwIfAborted } from '../errors.js';
import type { Claim, ClaimRequest, OperatorRequest, PauseRequest } from './claims.js';
import type { HistoryOptions, HistoryTotalsOptions, Journal, PassEntry } from './journal.js';
import type { Own } from './own.js';
import { NAME_LIMITS } from './own-columns.js';

const MAX_TERM_SECONDS = 3600;
/** Ten years. */
const MAX_PAUSE_SECONDS = 315_360_000;
const MAX_AGE_DAYS = 36_500;
const MAX_LIMIT = 1000;
/** Spans that a time is divided into at most. */
const MAX_SPANS_EACH = 1000;
const DEFAULT_LIMIT = 20;

/** Throws `INVALID_OPTION` for a request that makes no sense, and `ABORTED`. */
export function checkClaimRequest(request: ClaimRequest): void {
  const { config, strategy, holder, termSeconds, notWithinSeconds = 0, signal } = request;
  throwIfAborted(signal);
  if (config !== undefined) checkConfigName('config', config);
  checkName('strategy', strategy);
  checkName('holder', holder);
  if (!(termSeconds >= 1 && termSeconds <= MAX_TERM_SECONDS)) {
    throw invalidOption('termSeconds', termSeconds, `give seconds from 1 to ${MAX_TERM_SECONDS}`);
  }
  if (!(notWithinSeconds >= 0 && Number.isFinite(notWithinSeconds))) {
    throw invalidOption('notWithinSeconds', notWithinSeconds, 'give seconds from 0 on');
  }
}

/** Throws `INVALID_OPTION` for what was never a claim. */
export function checkClaim({ term, ...claim }: Claim): void {
  checkClaimRequest(claim);
  if (!Number.isSafeInteger(term)) throw invalidOption('term', term, 'give the claim as `acquire` gave it');
}

/** Throws `INVALID_OPTION` for a pause that ends before it begins, or after everybody's time, and for what `checkOperatorRequest` refuses. */
export function checkPauseRequest({ forSeconds, ...request }: PauseRequest): void {
  checkOperatorRequest(request);
  if (forSeconds === undefined || (forSeconds > 0 && forSeconds <= MAX_PAUSE_SECONDS)) return;
  throw invalidOption('forSeconds', forSeconds, `give seconds above 0 and at most ${MAX_PAUSE_SECONDS}`);
}

/** Throws `INVALID_OPTION` for a request of nobody, or about nothing, and `ABORTED`. */
export function checkOperatorRequest({ config, strategy, by, signal }: OperatorRequest): void {
  throwIfAborted(signal);
  if (config !== undefined) checkConfigName('config', config);
  checkName('strategy', strategy);
  checkName('holder', by);
}

/** Throws `INVALID_OPTION` for a name that its column cannot hold, or that some databases take for another one. */
export function checkName(field: keyof typeof NAME_LIMITS, name: string): void {
  const isName = typeof name === 'string' && name !== '' && name.length <= NAME_LIMITS[field];
  if (isName && name.trim() === name && !/[\0\p{Cs}]/u.test(name)) return;
  const fix = `give 1 to ${NAME_LIMITS[field]} characters, without spaces around them`;
  throw invalidOption(field, typeof name === 'string' ? name.slice(0, 80) : name, fix);
}

/** What a config can be called: a key in every database, a label, a file name. */
export const CONFIG_NAME = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
  fix: 'give 1 to 64 letters, digits, _, - and ., beginning with a letter or digit',
} as const;

/** Throws `INVALID_OPTION` for a name that no config can have. */
export function checkConfigName(field: string, name: string): void {
  if (typeof name !== 'string' || !CONFIG_NAME.pattern.test(name)) throw invalidOption(field, name, CONFIG_NAME.fix);
}

/** Throws `INVALID_OPTION` for a pass that nobody can have had. */
export function checkPassEntry({ config, strategy, durationMs }: PassEntry): void {
  checkConfigName('config', config);
  checkName('strategy', strategy);
  if (!(durationMs >= 0 && durationMs < 1e12)) throw invalidOption('durationMs', durationMs, 'give milliseconds');
}

/** The number of entries of a page of the history. Throws `INVALID_OPTION`, and `ABORTED`. */
export function historyLimit({ limit = DEFAULT_LIMIT, signal }: HistoryOptions = {}): number {
  throwIfAborted(signal);
  return wholeLimit(limit, MAX_LIMIT);
}

/** Throws `INVALID_OPTION` for spans that are too many, or none, and `ABORTED`. */
export function checkTotals({ withinSeconds, spanSeconds, signal }: HistoryTotalsOptions): void {
  throwIfAborted(signal);
  const most = MAX_AGE_DAYS * 86_400;
  if (!(withinSeconds >= 1 && withinSeconds <= most)) {
    throw invalidOption('withinSeconds', withinSeconds, `give seconds from 1 to ${most}`);
  }
  if (!(spanSeconds >= withinSeconds / MAX_SPANS_EACH && spanSeconds >= 1 && Number.isSafeInteger(spanSeconds))) {
    const least = Math.max(1, Math.ceil(withinSeconds / MAX_SPANS_EACH));
    throw invalidOption('spanSeconds', spanSeconds, `give whole seconds from ${least} on`);
  }
}

/** Throws `INVALID_OPTION` for bounds that bound nothing, and `ABORTED`. */
export function checkPrune({ maxAgeDays, limit, signal }: Parameters<Journal['prune']>[0]): void {
  throwIfAborted(signal);
  if (!(maxAgeDays > 0 && maxAgeDays <= MAX_AGE_DAYS)) {
    throw invalidOption('maxAgeDays', maxAgeDays, `give a number above 0 and at most ${MAX_AGE_DAYS}`);
  }
  wholeLimit(limit, Number.MAX_SAFE_INTEGER);
}

/** The number of rows of a page. Throws `INVALID_OPTION`. */
export const pageLimit = (limit: number | undefined, fallback: number, max = MAX_LIMIT): number =>
  wholeLimit(limit ?? fallback, max);

/** Whole numbers that every database with such keys can be asked for. */
const WHOLE_NUMBER = /^\d{1,18}$/;

/** The key of the last row of the page before, by its id. Throws `INVALID_OPTION` for what is none. */
export function idKey<Session>({ parts, values }: Own<Session>, table: Table, id: string): Key {
  const [key] = (parts.entryId ?? WHOLE_NUMBER).test(id) ? values.keysOf(table, id, undefined) : [];
  if (key === undefined) throw invalidOption('id', id, 'give the id of a row as it was read');
  return key;
}

function wholeLimit(limit: number, max: number): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= max) return limit;
  throw invalidOption('limit', limit, `give a whole number from 1 to ${max}`);
}
