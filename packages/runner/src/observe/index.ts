export { withoutSecrets } from '@jobsweep/core';
export { type HttpOptions, type HttpServer, serveHttp } from './http/serve-http.js';
export {
  createLogger,
  type LogFields,
  type LogOptions,
  type LogOutput,
  type ServiceLogger,
} from './logs/create-logger.js';
export { logPasses } from './logs/log-passes.js';
export { createMetrics, type Metrics, type MetricsOptions } from './metrics/create-metrics.js';
export type { ObservableRunner } from './observable.js';
