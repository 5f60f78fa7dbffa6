/** A submit time from 1973 on cannot be an offset into a log. */
const ABSOLUTE_FROM_SECONDS = 1e8;

/**
 * What must be added to the log's own seconds to get seconds since 1970: the header's start, or nothing where submit
 * times are absolute already; `undefined` where nobody knows.
 */
export function originSeconds(unixStartSeconds: number | undefined, firstSubmitSeconds: number): number | undefined {
  if (unixStartSeconds !== undefined) return unixStartSeconds;
  return firstSubmitSeconds >= ABSOLUTE_FROM_SECONDS ? 0 : undefined;
}
