import { type CommonOptions, type Context, type Opened, withStore } from '../context.js';
import { EXIT } from '../exit.js';
import { type Failure, failureOf } from '../failure.js';

/** What `init` found out about jobsweep's own tables, and did. */
export interface OwnTables {
  /** The statements that make them. */
  readonly ddl: readonly string[];
  /** The tables that were made; `null`: it was not asked for. */
  readonly made: readonly string[] | null;
  /** Why nothing can be said of them yet. */
  readonly problem: string | null;
}

/** Which config, and whether tables that are missing are made. */
interface OwnTablesOptions extends CommonOptions {
  readonly apply?: true;
}

/**
 * Shows how the own tables are made, or makes those that are missing. A config that cannot be used yet is no failure of
 * `init` that only shows them: `failure` says then why nothing can be said of them.
 */
export async function lookAtOwnTables(
  context: Context,
  options: OwnTablesOptions,
): Promise<{ readonly tables: OwnTables; readonly failure: Failure | undefined }> {
  const { signal, audience } = context;
  let tables: OwnTables = { ddl: [], made: null, problem: null };
  try {
    await withStore(context, options, async ({ store: { ownTables } }: Opened) => {
      const made = options.apply ? await ownTables.create({ signal }) : null;
      tables = { ddl: ownTables.ddl, made, problem: null };
      return EXIT.ok;
    });
    return { tables, failure: undefined };
  } catch (error) {
    const failure = failureOf(error, signal, audience);
    if (options.apply || signal.aborted || failure === undefined) throw error;
    return { tables: { ddl: [], made: null, problem: failure.message }, failure };
  }
}
