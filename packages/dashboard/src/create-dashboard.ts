import { type DashboardSource, errorText, invalidOption, safeLogger, silentLogger } from '@jobsweep/core';
import { accessOf } from './access/access.js';
import { hostCheck } from './access/hosts.js';
import { createApi } from './api/api.js';
import { Assets } from './http/assets.js';
import { failed, notAllowed, notFound, refused, toFolder, unauthorized } from './http/responses.js';
import type { DashboardOptions } from './options.js';

/** Answers the requests to a page, read-only: for anything that takes a Fetch handler. */
export type Dashboard = (request: Request) => Promise<Response>;

/**
 * The page of one config. It asks the database for nothing while nobody looks, and otherwise no more than the metrics of a
 * runner do, however many look.
 *
 * Throws `INVALID_OPTION` where nothing says who may see it.
 *
 * @example
 * const dashboard = createDashboard(dashboardSource(store, createStrategies(store)), {
 *   path: '/jobsweep',
 *   authorize: (request) => isAdmin(request.headers.get('cookie')),
 * });
 * app.all('/jobsweep/*', (context) => dashboard(context.req.raw)); // Hono, for one
 */
export function createDashboard(source: DashboardSource, options: DashboardOptions): Dashboard {
  const access = accessOf(options);
  const isKnownHost = hostCheck(options.hosts);
  const base = baseOf(options.path);
  const logger = safeLogger(options.logger ?? silentLogger);
  const api = createApi(source, countedEvery(options.countEverySeconds));
  const assets = new Assets();

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (!isKnownHost(url)) return refused();
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed();
    // Links of the page are relative to its folder.
    if (`${url.pathname}/` === base) return toFolder(base);
    if (!url.pathname.startsWith(base)) return notFound();
    const path = url.pathname.slice(base.length);
    if (!path.startsWith('api/')) return assets.answer(path, request);
    if (!(await access.allows(request))) return unauthorized(access.asksForToken);
    return api(path.slice('api/'.length), url.searchParams);
  }

  return async (request) => {
    try {
      const response = await answer(request);
      return request.method === 'HEAD' ? new Response(null, response) : response;
    } catch (error) {
      logger.error(`The page could not answer: ${errorText(error)}`);
      return failed();
    }
  };
}

function baseOf(path = '/'): string {
  if (!/^\/([\w.-]+\/?)*$/.test(path)) throw invalidOption('path', path, 'give a path such as /jobsweep');
  return path.endsWith('/') ? path : `${path}/`;
}

function countedEvery(seconds = 60): number {
  if (seconds >= 5 && seconds <= 86_400) return seconds;
  throw invalidOption('countEverySeconds', seconds, 'give a number from 5 to 86400');
}
