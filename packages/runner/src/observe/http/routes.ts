import { withoutSecrets } from '@jobsweep/core';
import type { Metrics } from '../metrics/create-metrics.js';
import type { ObservableRunner } from '../observable.js';
import { hungReason, readiness } from './health.js';

/** An answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  /** Besides those that every answer has, or in their place. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a path answers. */
export type Route = () => Answer | Promise<Answer>;

const json = (status: number, body: object): Answer => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: `${JSON.stringify(body)}\n`,
});

export const text = (status: number, body: string): Answer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

/** The paths that are served. `/metrics` only where there are any. */
export function routesOf(runner: ObservableRunner, metrics: Pick<Metrics, 'metrics' | 'contentType'> | undefined) {
  const routes = new Map<string, Route>([
    [
      '/healthz',
      () => {
        const reason = hungReason(runner.status(), new Date());
        return reason === null ? json(200, { status: 'ok' }) : json(503, { status: 'hung', reason });
      },
    ],
    [
      '/readyz',
      () => {
        const { isReady, reason } = readiness(runner.status());
        return isReady
          ? json(200, { status: 'ready' })
          : json(503, { status: 'not ready', reason: withoutSecrets(reason ?? '') });
      },
    ],
  ]);
  if (metrics !== undefined) {
    routes.set('/metrics', async () => ({
      status: 200,
      contentType: metrics.contentType,
      body: await metrics.metrics(),
    }));
  }
  return routes;
}
