/** The words of a name, in lower case and the singular: `wp_actionscheduler_actions`, `startedAt`. */
export const wordsIn = (name: string): string[] =>
  name
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => singular(word.toLowerCase()));

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return /[^su]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word;
}

/** How much words tell: the weight of each that does. */
export type Weights = Readonly<Record<string, number>>;

/** Words of the same weight. */
export const each = (weight: number, words: string): Weights =>
  Object.fromEntries(words.split(' ').map((word) => [word, weight]));

/** What the words of a name weigh: its heaviest. */
export const weightOf = (name: string, weights: Weights): number =>
  Math.max(0, ...wordsIn(name).map((word) => weights[word] ?? 0));
