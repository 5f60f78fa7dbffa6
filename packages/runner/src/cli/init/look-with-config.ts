import type { RoundPlan } from '../../plan/plan-round.js';
import { buildStrategies } from '../build.js';
import { type CommonOptions, type Context, type Opened, withStore } from '../context.js';
import { EXIT } from '../exit.js';
import { type Failure, failureOf } from '../failure.js';
import { planConfig } from '../plan-config.js';

/** What `init` found out about jobsweep's own tables and those of an archive, and did. */
interface OwnTables {
  /** The statements that make them. */
  readonly ddl: readonly string[];
  /** The tables that were made; `null`: it was not asked for. */
  readonly made: readonly string[] | null;
  /** Why nothing can be said of them yet. */
  readonly problem: string | null;
}

/** What the config says of the database. */
export interface Looked {
  readonly tables: OwnTables;
  /** What `plan` would find; `null`: it was not asked for, or cannot be said yet. */
  readonly plan: RoundPlan | null;
  /** Why nothing can be said of the database. */
  readonly failure?: Failure | undefined;
  /** Why it cannot be said what `plan` would find. */
  readonly planFailure?: Failure | undefined;
}

/** Which config, whether own tables that are missing are made, and whether to plan. */
interface LookOptions extends CommonOptions {
  readonly apply?: true;
  readonly isPlanned: boolean;
}

/**
 * Shows how the own tables are made, or makes those that are missing, and plans. A config that cannot be used yet is no failure
 * of `init` that only shows them.
 */
export async function lookWithConfig(context: Context, options: LookOptions): Promise<Looked> {
  const { signal, audience } = context;
  const nothing: OwnTables = { ddl: [], made: null, problem: null };
  let looked: Looked = { tables: nothing, plan: null };
  try {
    await withStore(context, options, async (opened) => {
      const { ownTables, archive } = opened.store;
      const ddl = [...ownTables.ddl, ...((await archive?.ddl({ signal })) ?? [])];
      const made = options.apply
        ? [...(await ownTables.create({ signal })), ...((await archive?.create({ signal })) ?? [])]
        : null;
      looked = { ...looked, tables: { ddl, made, problem: null } };
      if (options.isPlanned) looked = { ...looked, ...(await planned(context, opened)) };
      return EXIT.ok;
    });
    return looked;
  } catch (error) {
    const failure = failureOf(error, signal, audience);
    if (options.apply || signal.aborted || failure === undefined) throw error;
    return { tables: { ...nothing, problem: failure.message }, plan: null, failure };
  }
}

/** A mapping that does not fit yet is there to be put right. */
async function planned(context: Context, opened: Opened): Promise<Pick<Looked, 'plan' | 'planFailure'>> {
  const { signal, audience } = context;
  try {
    const strategies = buildStrategies(opened.store, opened.config);
    return { plan: await planConfig(context, opened, strategies, { samples: 0, atMost: 10_000 }) };
  } catch (error) {
    const planFailure = failureOf(error, signal, audience);
    if (signal.aborted || planFailure === undefined) throw error;
    return { plan: null, planFailure };
  }
}
