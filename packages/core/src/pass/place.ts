import { isJobsweepError, retryOf } from '../errors.js';
import type { Place } from '../model.js';

/** A place as text, to be kept between two passes. Of a row it has nothing but what pages go by. */
export const placeText = (place: Place | undefined): string | null =>
  place === undefined ? null : JSON.stringify({ id: place.id, version: place.version });

/** The place that such a text has; `undefined`: none. */
export function placeIn(text: string | null | undefined): Place | undefined {
  if (text == null) return undefined;
  try {
    const place: unknown = JSON.parse(text);
    return typeof place === 'object' && place !== null && 'id' in place ? (place as Place) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a look behind a place may have failed because of the place: the mapping or the table may have changed since it was
 * kept, so that its time and key mean nothing any more.
 */
export const mayBeUnreadable = (error: unknown): boolean =>
  retryOf(error) === 'never' && !isJobsweepError(error, 'ABORTED', 'CLAIM_LOST');
