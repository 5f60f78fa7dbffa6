/** What stands where a secret was. */
const HIDDEN = '***';

/** The password of a URL, up to the last `@` that can belong to it, since people forget to encode theirs. */
const IN_URL = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"']*):[^\s"']*@/gi;

/** `password=...`, as in connection strings and queries. */
const ASSIGNED = /\b(password|passwd|pwd|secret|token)=[^\s"'&]+/gi;

/** `"password":"..."`, also in a text that is quoted once more. */
const QUOTED = /\b((?:password|passwd|pwd|secret|token)\\?["']?\s*:\s*\\?["'])(?:\\.|[^"'\\])+/gi;

/**
 * A text without the passwords that can be told by their place, and without those that are given.
 *
 * @example
 * withoutSecrets('connect postgres://ann:geheim@db/cluster'); // connect postgres://ann:***@db/cluster
 */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, HIDDEN);
  return clean
    .replaceAll(IN_URL, `$1:${HIDDEN}@`)
    .replaceAll(ASSIGNED, `$1=${HIDDEN}`)
    .replaceAll(QUOTED, `$1${HIDDEN}`);
}
