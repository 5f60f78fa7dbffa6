import { type Sql, sql, verbatim } from '../driver/sql.js';
import type { SqlSession } from '../library.js';

/** What a server answers to a query with words of explanation before it: one value, whatever it calls it. */
export async function explained({ run }: SqlSession, words: string, query: Sql): Promise<unknown> {
  const [answer = {}] = await run(sql`${verbatim(words)} ${query}`);
  return Object.values(answer)[0];
}
