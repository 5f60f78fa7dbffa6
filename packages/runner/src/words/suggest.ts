import distance from 'damerau-levenshtein';

/** The known word that somebody probably meant; `undefined`: nothing comes near. */
export function closestWord(word: string, known: readonly string[]): string | undefined {
  const plain = word.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, far: farness(plain, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, far }) =>
        far <= Math.max(2, candidate.length / 3) && far < Math.min(plain.length, candidate.length) / 2,
    )
    .sort((one, other) => one.far - other.far);
  return ranked[0]?.candidate;
}

/**
 * Half a word (`interval`), another unit (`intervalMs`) and another ending (`stuck_jobs`) are near. Two neighbours that
 * changed places are one mistake, or short names would never be near.
 */
function farness(word: string, candidate: string): number {
  const stem = word.replace(/(ms|millis|milliseconds|secs?|seconds|mins?|minutes|hours?|days?|s)$/, '');
  const isPart =
    stem.length >= 3 &&
    (candidate.startsWith(stem) || word.startsWith(candidate) || (stem.length >= 5 && candidate.includes(stem)));
  return isPart ? 1 : distance(word, candidate).steps;
}
