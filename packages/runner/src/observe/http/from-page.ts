import type { IncomingMessage } from 'node:http';
import { type Answer, text } from './routes.js';

/** A name or an address, and maybe a port: nothing that begins a path. */
const HOST = /^[\w.:[\]-]+$/;

/** Asks a Fetch handler what a request of Node's asks. Nothing but GET and HEAD without a body comes here. */
export async function fromPage(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  page: (request: Request) => Promise<Response>,
): Promise<Answer> {
  const { host = 'localhost' } = headers;
  const asked = `http://${host}${url}`;
  if (!HOST.test(host) || !url.startsWith('/') || !URL.canParse(asked))
    return text(400, 'This is no path of this host');
  const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const response = await page(new Request(asked, { method, headers: given }));
  const { 'content-type': contentType = 'text/plain', ...others } = Object.fromEntries(response.headers);
  return { status: response.status, contentType, body: Buffer.from(await response.arrayBuffer()), headers: others };
}
