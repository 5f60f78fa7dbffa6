import type { Knex } from 'knex';

/** A statement as knex sent it to the driver. */
export interface Statement {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

const CONTROL = /^(begin|commit|rollback|select current_setting|select \(extract\(epoch from clock)/i;

/** Whether a statement reads or writes tables, rather than ruling the transaction. */
export function isData({ sql }: Statement): boolean {
  return !CONTROL.test(sql);
}

/** What bounds a SELECT that is outside of any transaction, in the same round trip. */
const BOUNDS =
  /^(set transaction [^;]*; select set_config[^;]*; |set statement \S+ = \S+ for )|(?<=^select )\/\*\+ \S+ \*\/ /;

/** The statements that `work` sends, with their bound values, in order. */
export async function statementsOf(knex: Knex, work: () => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const note = ({ sql, bindings = [] }: { sql: string; bindings?: readonly unknown[] }) => {
    statements.push({ sql: sql.replace(BOUNDS, ''), bindings });
  };
  knex.on('query', note);
  try {
    await work();
  } finally {
    knex.removeListener('query', note);
  }
  return statements;
}
