/** What a column is called, in lower case and without underscores: `jobid` of `job_id` and `jobId`. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll('_', '');

/**
 * What a column may be called that holds the key of a job, as `plainName` gives it: the table's name, its last word, or `job`,
 * in the plural or not, and `id` or the name of the key.
 */
export function linkNames(table: string, [key = 'id', ...more]: readonly string[]): string[] {
  const last = table.split(/[^\p{L}\p{N}]+/u).at(-1) ?? '';
  const words = [table, table.replace(/_?entity$/i, ''), last, 'job'].map(plainName).filter((word) => word !== '');
  const singular = words.flatMap((word) => (word.endsWith('s') ? [word, word.slice(0, -1)] : [word]));
  const ends = more.length === 0 ? ['id', plainName(key)] : ['id'];
  return [...new Set(singular.flatMap((word) => ends.map((end) => `${word}${end}`)))];
}
