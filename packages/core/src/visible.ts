/**
 * What a text must not do to whoever reads it: controls (ESC, BEL, line ends), separators of lines, signs that turn the
 * direction of writing, all else that nobody sees, and halves of characters. The selectors that choose between the looks
 * of a sign (U+FE00 to U+FE0F) do no harm.
 */
const HIDDEN = /(?![\uFE00-\uFE0F])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * JSON in which nothing is hidden: what JSON itself lets stand, such as signs that turn the direction, is escaped by its
 * own rules, so that it means the same. Ends of lines between values stay.
 */
export function visibleJson(json: string): string {
  const escaped = (character: string) =>
    [...Array(character.length).keys()]
      .map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`)
      .join('');
  return json.replace(HIDDEN, (character) => (character === '\n' ? character : escaped(character)));
}

/**
 * A text of a stranger (a job's name, a name in the database, an error of the server) as one line in which every
 * character is seen: those that are hidden become `\u{1b}`. Doing it twice changes nothing.
 *
 * @example
 * visible('train\n[old_job_cleanup] Deleted all'); // train\u{a}[old_job_cleanup] Deleted all
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
