import { createMetrics, logPasses, type ServiceLogger, serveHttp } from '../observe/index.js';
import type { Runner } from '../runner.js';
import { definedOnly } from './build.js';
import type { AnyStore } from './open.js';

export interface ObserveOptions {
  readonly store: AnyStore;
  readonly logger: ServiceLogger;
  /** `false`: serve nothing. */
  readonly http:
    | false
    | {
        readonly host: string | undefined;
        readonly port: number | undefined;
        readonly backlogSeconds: number | undefined;
        readonly page: ((request: Request) => Promise<Response>) | undefined;
      };
}

/** What watches a runner of the command. */
export interface Observed {
  /** Where it serves; `null`: nowhere. */
  readonly http: { readonly host: string; readonly port: number } | null;
  close(): Promise<void>;
}

/** Logs, measures and serves what a runner tells. Close it after the runner has stopped. */
export async function observe(runner: Runner, { store, logger, http }: ObserveOptions): Promise<Observed> {
  const endLog = logPasses(runner, logger);
  if (http === false) return { http: null, close: async () => endLog() };
  const { backlogSeconds, host, port, page } = http;
  const measured = definedOnly({ backlogSeconds });
  const metrics = createMetrics(runner, { inspect: store.inspect, processMetrics: true, ...measured });
  try {
    const server = await serveHttp(runner, { ...definedOnly({ host, port, page }), metrics, logger });
    return {
      http: { host: server.host, port: server.port },
      async close() {
        endLog();
        metrics.close();
        await server.close();
      },
    };
  } catch (error) {
    endLog();
    metrics.close();
    throw error;
  }
}
