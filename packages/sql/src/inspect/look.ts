import type { SqlSession } from '../library.js';

/**
 * Asks something of the database in a transaction of its own, bounded, that the server lets write nothing. Where a
 * statement of it fails, because a table is missing, it is of no use any more.
 */
export type Look = <Answer>(question: (session: SqlSession) => Promise<Answer>) => Promise<Answer>;
