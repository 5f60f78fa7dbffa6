import {
  type AllocationWithJob,
  type CleanupRow,
  type CleanupStrategy,
  checkHooks,
  invalidOption,
  type Job,
  JobsweepError,
  type RepairHooks,
  type ResourceAllocation,
} from '@jobsweep/core';

/** What the host does around the repairs of each strategy, by its name; after what the strategy's own options say. */
export interface RunnerHooks<Session> {
  readonly completed_job_cleanup?: RepairHooks<AllocationWithJob, Session>;
  readonly stale_reservation_cleanup?: RepairHooks<AllocationWithJob, Session>;
  readonly stuck_job_cleanup?: RepairHooks<Job, Session>;
  readonly old_job_cleanup?: RepairHooks<Job, Session>;
  readonly orphaned_allocation_cleanup?: RepairHooks<ResourceAllocation, Session>;
  readonly waiting_job_cleanup?: RepairHooks<Job, Session>;
  /** Of a strategy of your own. */
  readonly [strategy: string]: RepairHooks<CleanupRow, Session> | undefined;
}

const HOOKS: readonly string[] = ['confirm', 'within', 'onRepaired'] satisfies (keyof RepairHooks)[];

/**
 * Throws `INVALID_OPTION` for hooks of a strategy that there is not, for a word that is none, and for one that is no function, and
 * `TRANSACTIONS_REQUIRED` for a `within` where there is no transaction to write in.
 */
export function checkRunnerHooks(
  strategies: readonly Pick<CleanupStrategy<never>, 'name' | 'hooks'>[],
  { transactions }: { readonly transactions: boolean },
  hooks: Readonly<Record<string, RepairHooks | undefined>> = {},
): void {
  const names = strategies.map(({ name }) => name);
  for (const [name, own] of Object.entries(hooks)) {
    if (!names.includes(name)) {
      throw invalidOption(`hooks.${name}`, own, `name one of the strategies, ${names.join(', ')}`);
    }
    const wrong = Object.keys(own ?? {}).find((hook) => !HOOKS.includes(hook));
    // One that is never called could be the one that protects what runs.
    if (wrong !== undefined) throw invalidOption(`hooks.${name}.${wrong}`, wrong, `use ${HOOKS.join(', ')}`);
    checkHooks(`hooks.${name}.`, own ?? {});
  }
  const writing = strategies.find(
    (strategy) => strategy.hooks?.within !== undefined || hooks[strategy.name]?.within !== undefined,
  );
  if (writing === undefined || transactions) return;
  const message = `within of ${writing.name} needs transactions, which this server does not have. Use onRepaired.`;
  throw new JobsweepError('TRANSACTIONS_REQUIRED', message);
}
