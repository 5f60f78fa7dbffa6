import type { Knex } from 'knex';
import type { SqlSession, Statement } from '../library.js';

/** What a server answers to a query with words of explanation before it: one value, whatever it calls it. */
export async function explained({ build, rows }: SqlSession, words: string, query: Statement): Promise<unknown> {
  const { sql, bindings } = query.toSQL();
  const answer = await rows<Record<string, unknown>>(build.raw(`${words} ${sql}`, [...bindings] as Knex.Value[]));
  return Object.values(answer[0] ?? {})[0];
}
