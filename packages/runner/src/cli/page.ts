import type { CleanupStrategy } from '@jobsweep/core';
import { createDashboard, type Dashboard } from '@jobsweep/dashboard';
import type { ServiceLogger } from '../observe/index.js';
import { dashboardSource } from '../page/dashboard-source.js';
import { schedulesOf } from './build.js';
import { commandFor } from './command-for.js';
import { diagnoseOptions } from './commands/doctor.js';
import type { Context, Opened } from './context.js';
import { planOptions } from './plan-config.js';
import type { Serving } from './serving.js';

/**
 * The page of a config, for whoever knows its token; without one for all who reach this machine's own address. `undefined`: it
 * is served to nobody.
 */
export function pageOf(
  { audience, surroundings }: Context,
  { store, config, path }: Opened,
  strategies: readonly CleanupStrategy<unknown>[],
  { access, hosts, token, backlogSeconds, logger }: Serving & { readonly logger: ServiceLogger },
): Dashboard | undefined {
  if (access === 'nobody') return undefined;
  const source = dashboardSource(store, strategies, {
    name: config.name,
    locale: audience.locale,
    command: commandFor(path, surroundings.folder, audience.words.config),
    schedules: schedulesOf(config, strategies),
    plan: planOptions(config, strategies),
    doctor: { ...diagnoseOptions(config), told: audience },
  });
  return createDashboard(source, {
    ...(token === undefined ? { authorize: () => true } : { token }),
    ...(backlogSeconds !== undefined && backlogSeconds > 0 && { countEverySeconds: backlogSeconds }),
    hosts,
    logger,
  });
}
