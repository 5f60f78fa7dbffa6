import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorText, invalidOption, JobsweepError, type Logger, safeLogger, silentLogger } from '@jobsweep/core';
import type { Metrics } from '../metrics/create-metrics.js';
import type { ObservableRunner } from '../observable.js';
import { fromPage } from './from-page.js';
import { limitConnections } from './limit-connections.js';
import { type Answer, type Route, routesOf, text } from './routes.js';

/** Where to serve, and what besides health. */
export interface HttpOptions {
  /** The address to listen on. Default: `127.0.0.1`, so only this machine; containers need `0.0.0.0`. */
  readonly host?: string;
  /** Default: 9464. 0: any port that is free. */
  readonly port?: number;
  /** Served at `/metrics`; without it that path does not exist. */
  readonly metrics?: Pick<Metrics, 'metrics' | 'contentType'>;
  /** Answers all other paths, such as a dashboard does; it says who may see what. Default: they do not exist. */
  readonly page?: (request: Request) => Promise<Response>;
  /** Gets what goes wrong in an answer. Default: silent. */
  readonly logger?: Logger;
}

/** A server that listens. */
export interface HttpServer {
  readonly host: string;
  /** The real one, also where 0 was asked for. */
  readonly port: number;
  /** Ends all connections and frees the port. May be called again. */
  close(): Promise<void>;
}

const DEFAULT_HTTP_HOST = '127.0.0.1';
const DEFAULT_HTTP_PORT = 9464;

/** Nobody needs long to ask these questions. */
const BOUNDS = {
  requestTimeout: 10_000,
  headersTimeout: 5000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 8192,
  // How often Node looks whether the first two are over; by default that is every 30 seconds.
  connectionsCheckingInterval: 1000,
} as const;
const IDLE_MS = 30_000;

/**
 * Serves `/healthz`, `/readyz` and `/metrics` of a runner, read-only and without any secret, and a page where one is given. Keeps serving while the
 * runner stops, so that its last state can be seen: close it last.
 *
 * Rejects with `INVALID_OPTION` when it cannot listen there, as when the port is in use.
 *
 * @example
 * const server = await serveHttp(runner, { port: 9464, metrics });
 * await server.close();
 */
export async function serveHttp(runner: ObservableRunner, options: HttpOptions = {}): Promise<HttpServer> {
  const { host = DEFAULT_HTTP_HOST, port = DEFAULT_HTTP_PORT } = options;
  const logger = safeLogger(options.logger ?? silentLogger);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalidOption('http.port', port, 'give a whole number from 0 to 65535');
  }
  const routes = routesOf(runner, options.metrics);
  const server = createServer(BOUNDS, (request, response) => {
    void answer(request, routes, options.page)
      .catch((error: unknown) => {
        logger.error(`${request.url} could not be answered: ${errorText(error)}`);
        return text(500, 'This could not be answered; the log says why');
      })
      .then((found) => send(request, response, found))
      // Such as a type of content that is no header.
      .catch((error: unknown) => {
        logger.error(`${request.url} could not be sent: ${errorText(error)}`);
        response.destroy();
      });
  });
  limitConnections(server);
  server.setTimeout(IDLE_MS);
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(host, port, error);
  }
  // A connection that cannot be accepted, as when files run out, must not end the process.
  server.on('error', (error) => logger.error(`A connection to the health checks failed: ${error.message}`));

  let closed: Promise<unknown> | undefined;
  return {
    host,
    port: (server.address() as AddressInfo).port,
    async close() {
      closed ??= once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  routes: ReadonlyMap<string, Route>,
  page: HttpOptions['page'],
): Promise<Answer> {
  const { method, url = '', headers } = request;
  const route = routes.get(url.split('?')[0] ?? '') ?? (page && (() => fromPage(request, page)));
  if (route === undefined) return text(404, `Ask for ${[...routes.keys()].join(', ')}`);
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Only GET and HEAD');
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody ? text(413, 'No body is read here') : route();
}

function send({ method }: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, contentType, body, headers } = answer;
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // In lower case as well, so that each of them is sent once.
    ...headers,
    ...(status === 405 && { Allow: 'GET, HEAD' }),
    // What follows a body that nobody read is no request.
    ...(status >= 400 && status !== 503 && { Connection: 'close' }),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

function cannotListen(host: string, port: number, cause: unknown): JobsweepError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const problems: Readonly<Record<string, readonly [field: string, problem: string]>> = {
    EADDRINUSE: ['port', `something else listens on ${host}:${port}. Stop it or choose another port`],
    EACCES: ['port', `this user may not listen on port ${port}. Choose one above 1023`],
    EADDRNOTAVAIL: ['host', 'no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all of them'],
    ENOTFOUND: ['host', 'no host of this name. Use 127.0.0.1, or 0.0.0.0 for all addresses of this machine'],
  };
  const [field, problem] = problems[code ?? ''] ?? ['host', `listening on port ${port} failed: ${String(cause)}`];
  const value = field === 'port' ? port : `'${host}'`;
  return new JobsweepError('INVALID_OPTION', `http.${field} is ${value}: ${problem}.`, { cause });
}
